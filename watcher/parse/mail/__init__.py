"""E-mails and mailboxes: newsletters, with forwarded mails and attached news files."""
