"""The tables, and every step from an older file to the current one. Steps are only ever added."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("watcher")

_TABLES = """
create table files (                        -- the ledger: every file ever seen, in exactly one state
  id integer primary key,
  path text not null,                       -- readable
  path_bytes blob not null unique,          -- exact
  size integer, mtime_ns integer, ctime_ns integer,   -- spares reading; the hash decides
  sha256 text,
  state text not null check (state in ('stored', 'duplicate', 'ignored', 'failed', 'waiting')),
  reason text,
  attempts integer not null default 0,
  format text, encoding text, parser_version text,
  repairs text,                             -- JSON list
  first_seen_at text not null,
  finished_at text
);
create index files_by_sha256 on files (sha256);
create index files_by_state on files (state);

create table stories (                      -- articles that tell the same report
  id integer primary key,
  key text not null,                        -- content hash of its first article
  headline text not null,
  first_article_id integer,
  article_count integer not null default 0,
  publisher_count integer not null default 0,
  updated_at text not null
);

create table articles (
  id integer primary key,
  content_hash text not null unique,
  body_hash text not null,
  title text, summary text, body text not null,
  url text, native_id text, source text, publisher text, author text, section text,
  position integer,                         -- its place in a file that holds several
  language text,
  published_at text, published_from text,
  story_id integer references stories (id),
  replaces_id integer references articles (id),
  state text not null default 'current' check (state in ('current', 'replaced', 'withdrawn')),
  created_at text not null
);
create index articles_by_body_hash on articles (body_hash);
create index articles_by_published_at on articles (published_at);
create index articles_by_story on articles (story_id);

create table sightings (                    -- where and when an article was seen
  article_id integer not null references articles (id),
  file_id integer not null references files (id),
  position integer not null,
  seen_at text not null,
  primary key (article_id, file_id)
);
create index sightings_by_file on sightings (file_id);

create table securities (
  symbol text primary key, code text not null, exchange text not null, name text not null, kind text not null
);
create table security_names (
  symbol text not null references securities (symbol),
  name text not null,
  kind text not null,                       -- 'short' or 'written'
  valid_from text, valid_to text,
  ambiguous integer not null default 0,     -- carried by more than one security
  primary key (symbol, name)
);

create table mentions (                     -- an article names a security
  article_id integer not null references articles (id),
  symbol text not null,
  written_as text not null,
  how text not null check (how in ('markup', 'code', 'name')),
  confidence real not null,
  salience text,
  count integer not null,
  in_title integer not null,
  first_at integer,                         -- offset in the body
  evidence text not null,                   -- JSON: every place, how and as what
  primary key (article_id, symbol)
);
create index mentions_by_symbol on mentions (symbol);

create table matches (                      -- a rule held for an article
  article_id integer not null references articles (id),
  rule text not null,
  evidence text not null,                   -- JSON: terms and offsets
  primary key (article_id, rule)
);

create table alerts (                       -- what is owed, once for each rule and story
  id integer primary key,
  key text not null unique,
  rule text not null,
  story_id integer references stories (id),
  article_id integer references articles (id),
  severity text not null,
  headline text not null,
  excerpt text not null,
  symbols text not null, terms text not null,   -- JSON lists
  held text,                                -- why it was recorded but not sent
  created_at text not null
);
create index alerts_by_article on alerts (article_id);

create table deliveries (                   -- the outbox
  alert_id integer not null references alerts (id),
  channel text not null,
  state text not null check (state in ('owed', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_attempt_at text not null,
  last_error text,
  delivered_at text,
  primary key (alert_id, channel)
);
create index deliveries_owed on deliveries (next_attempt_at) where state = 'owed';

create table folders (                      -- folders that were met, so that a first meeting is known as one
  path text primary key,
  met_at text not null,
  baseline_files integer,                   -- how many files were there already and raise no alerts
  baseline_done_at text                     -- when the last of them was stored
);

create view v_articles as
  select a.id, a.published_at, a.title, a.publisher, a.source, a.summary, a.body, a.url,
         (select group_concat(symbol, ' ') from mentions where article_id = a.id) as symbols,
         (select count(*) from sightings where article_id = a.id) as sighting_count,
         (select f.path from sightings s join files f on f.id = s.file_id
           where s.article_id = a.id order by s.seen_at, f.id limit 1) as path,
         a.published_from, a.language, a.section, a.author, a.native_id, a.story_id, a.created_at
    from articles a where a.state = 'current';

create view v_alerts as
  select al.id, al.created_at, al.rule, al.severity, al.headline, al.excerpt,
         (select group_concat(value, ' ') from json_each(al.symbols)) as symbols,
         (select group_concat(value, ' ') from json_each(al.terms)) as terms,
         a.publisher, a.published_at, a.url,
         (select f.path from sightings s join files f on f.id = s.file_id
           where s.article_id = al.article_id order by s.seen_at, f.id limit 1) as path,
         al.article_id, al.story_id, al.key
    from alerts al left join articles a on a.id = al.article_id
   where al.held is null;

create view v_mentions_daily as
  select substr(coalesce(a.published_at, a.created_at), 1, 10) as day, m.symbol, s.name,
         count(*) as article_count, sum(m.count) as mention_count
    from mentions m join articles a on a.id = m.article_id left join securities s on s.symbol = m.symbol
   where a.state = 'current'
   group by day, m.symbol;
"""


@MIGRATIONS()
def m001_first_tables(db: Database) -> None:
    """The tables and views of the first release."""
    db.executescript(_TABLES)


@MIGRATIONS()
def m002_when_a_sighting_ended(db: Database) -> None:
    """An article is replaced once no file holds it any more: for that it is noted when one stopped holding it."""
    db.execute("alter table sightings add column gone_at text")
    db.execute(
        "update sightings set gone_at = seen_at where article_id in (select id from articles where state = 'replaced')"
    )


@MIGRATIONS()
def m003_when_a_file_was_looked_at_again(db: Database) -> None:
    """What was read right after its last change is looked at once more: for that it is noted when it was."""
    db.execute("alter table files add column looked_at text")


@MIGRATIONS()
def m004_what_agencies_and_digests_say(db: Database) -> None:
    """Items of digests, versions and embargoes of agencies. Places in a file count from 1."""
    for column in ("part_of", "item_number", "version", "status", "embargo_until"):
        db.execute(f"alter table articles add column {column} text")
    db.execute("alter table deliveries add column not_before text")
    db.execute("alter table files add column unread text")  # JSON list: which parts could not be read, and why
    db.execute("alter table security_names add column article_count integer")  # of learned names: how often marked up
    db.execute("update sightings set position = position + 1")
    db.execute("update articles set position = position + 1 where position is not null")
    db.execute("alter table alerts add column day text")  # the day of its owner's clock, which caps count by
    db.execute("create index alerts_by_rule on alerts (rule, day) where held is null")
    db.execute("create index articles_by_native_id on articles (native_id) where native_id is not null")


@MIGRATIONS()
def m005_whom_alerts_are_about(db: Database) -> None:
    """How centrally an article speaks of whom its alert is about."""
    db.execute("alter table alerts add column about text")  # JSON list: symbol, written_as, salience
    db.execute("drop view v_alerts")
    db.execute(
        """create view v_alerts as
             select al.id, al.created_at, al.rule, al.severity, al.headline, al.excerpt,
                    (select group_concat(value, ' ') from json_each(al.symbols)) as symbols,
                    (select group_concat(value, ' ') from json_each(al.terms)) as terms,
                    (select group_concat(
                              json_extract(value, '$.symbol') || ' ' || json_extract(value, '$.salience'), ', ')
                       from json_each(al.about)) as about,
                    a.publisher, a.published_at, a.url,
                    (select f.path from sightings s join files f on f.id = s.file_id
                      where s.article_id = al.article_id order by s.seen_at, f.id limit 1) as path,
                    al.article_id, al.story_id, al.key
               from alerts al left join articles a on a.id = al.article_id
              where al.held is null"""
    )


STEPS = frozenset(
    {
        m001_first_tables.__name__,
        m002_when_a_sighting_ended.__name__,
        m003_when_a_file_was_looked_at_again.__name__,
        m004_what_agencies_and_digests_say.__name__,
        m005_whom_alerts_are_about.__name__,
    }
)
"""The steps this version knows; a file that has others was made by a newer one."""
