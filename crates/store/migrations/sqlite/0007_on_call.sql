-- Who is on call: rotations, what changes them, and the links of their calendars.

CREATE TABLE rotations (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    turn TEXT NOT NULL,
    hand_off_minute INTEGER NOT NULL,
    starts_on TEXT NOT NULL,
    members TEXT NOT NULL,
    hours TEXT NOT NULL,
    fallback_id INTEGER,
    gap_from INTEGER,
    gap_until INTEGER,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX rotations_of_account ON rotations (tenant_id, account_id, id);

-- No contact: nobody is on call.
CREATE TABLE rotation_overrides (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rotation_id INTEGER NOT NULL,
    contact_id INTEGER,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, rotation_id) REFERENCES rotations (tenant_id, id)
);
CREATE INDEX rotation_overrides_by_end ON rotation_overrides (tenant_id, rotation_id, until_at);

-- No contact: each rotation's fallback.
CREATE TABLE holidays (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    date TEXT NOT NULL,
    name TEXT NOT NULL,
    contact_id INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, account_id, date),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

-- One link for the calendar of each rotation, and of each person; a new one ends the old.
CREATE TABLE calendar_links (
    tenant_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    prefix TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject_id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

-- What was changed about a rotation, by whom: the report that its people read.
CREATE TABLE rotation_changes (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rotation_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, rotation_id) REFERENCES rotations (tenant_id, id)
);
CREATE INDEX rotation_changes_of ON rotation_changes (tenant_id, rotation_id, id);
