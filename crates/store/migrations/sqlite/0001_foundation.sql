-- The foundation: tenants, people, accounts, messages, deliveries, jobs, calls.
-- Instants are UTC milliseconds. Every key of a tenant's table begins with tenant_id (Citus).

CREATE TABLE tenants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subdomain TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    hides_bad_tokens BOOLEAN NOT NULL,
    link_secret TEXT NOT NULL,
    audit_head TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (subdomain)
);

CREATE TABLE accounts (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    greeting TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, number)
);

CREATE TABLE dids (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX dids_of_account ON dids (tenant_id, account_id);

CREATE TABLE contacts (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX contacts_of_account ON contacts (tenant_id, account_id);

CREATE TABLE forms (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    fields TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, account_id, version),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE users (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    username TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, email)
);

CREATE TABLE memberships (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id, account_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX memberships_of_account ON memberships (tenant_id, account_id);

CREATE TABLE sessions (
    tenant_id INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    csrf TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX sessions_of_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE application_keys (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    last_used_from TEXT NOT NULL,
    revoked_at INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX application_keys_of_user ON application_keys (tenant_id, user_id);

CREATE TABLE switches (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, token_hash)
);

CREATE TABLE calls (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    switch_id INTEGER,
    account_id INTEGER NOT NULL,
    did_id INTEGER,
    call_sid TEXT NOT NULL,
    did_number TEXT NOT NULL,
    caller TEXT NOT NULL,
    agent_username TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, call_sid),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE cdrs (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call_id INTEGER NOT NULL,
    unique_call_id INTEGER NOT NULL,
    start_time INTEGER,
    call_type TEXT NOT NULL,
    start_client TEXT NOT NULL,
    end_client TEXT NOT NULL,
    callerid TEXT NOT NULL,
    number_dialed TEXT NOT NULL,
    did TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    agent_id INTEGER,
    skill_name TEXT NOT NULL,
    skill_id TEXT NOT NULL,
    connection_sec INTEGER NOT NULL,
    ivr_sec INTEGER NOT NULL,
    wait_sec INTEGER NOT NULL,
    talk_sec INTEGER NOT NULL,
    hold_sec INTEGER NOT NULL,
    transfer_sec INTEGER NOT NULL,
    wrap_sec INTEGER NOT NULL,
    agent_answer_time INTEGER,
    end_time INTEGER,
    hang_up_time INTEGER,
    who_hung_up TEXT NOT NULL,
    original_call_id INTEGER,
    call_created_at INTEGER,
    is_orphaned BOOLEAN NOT NULL,
    conference_sec INTEGER NOT NULL,
    conference_talk_sec INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, call_id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);

CREATE TABLE recordings (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    purged_at INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, call_id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX recordings_newest ON recordings (tenant_id, started_at, id);

CREATE TABLE messages (
    tenant_id INTEGER NOT NULL,
    form_id INTEGER,
    revision INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    read BOOLEAN NOT NULL,
    pbx_name TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    extension TEXT NOT NULL,
    caller_id TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company_name TEXT NOT NULL,
    content TEXT NOT NULL,
    status TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    agent_id INTEGER,
    user_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    ivr TEXT NOT NULL,
    pickup_date INTEGER,
    pickup_user_id INTEGER,
    contact_id INTEGER,
    delivered_at INTEGER,
    delivered_by INTEGER,
    delivered_to TEXT,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    call_ref_id TEXT NOT NULL,
    sale_id INTEGER,
    note TEXT NOT NULL,
    did_id INTEGER,
    address TEXT NOT NULL,
    address2 TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    how_you_hear_about_us TEXT NOT NULL,
    is_emergency BOOLEAN NOT NULL,
    alt_phone TEXT NOT NULL,
    positive_data_dip BOOLEAN NOT NULL,
    answers TEXT NOT NULL,
    escalation_level_id INTEGER,
    next_escalation_at INTEGER,
    receiver_name TEXT NOT NULL,
    non_message_type TEXT NOT NULL,
    activities_count INTEGER NOT NULL,
    closing_action_group_id INTEGER,
    email_subject TEXT NOT NULL,
    escalation_counter INTEGER NOT NULL,
    origin TEXT,
    message_received_date INTEGER,
    disposition TEXT,
    call_id INTEGER,
    chat_session_id INTEGER,
    to_do_task_id INTEGER,
    from_to_do BOOLEAN NOT NULL,
    send_at INTEGER,
    uuid TEXT NOT NULL,
    klass_names TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX messages_newest ON messages (tenant_id, created_at, id);
CREATE INDEX messages_of_account ON messages (tenant_id, account_id, created_at, id);
CREATE UNIQUE INDEX messages_by_uuid ON messages (tenant_id, uuid);

CREATE TABLE activities (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);
CREATE INDEX activities_of_message ON activities (tenant_id, message_id, id);

CREATE TABLE deliveries (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL,
    contact_id INTEGER,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);
CREATE INDEX deliveries_of_message ON deliveries (tenant_id, message_id, id);
CREATE INDEX deliveries_by_state ON deliveries (tenant_id, state, id);

CREATE TABLE attempts (
    tenant_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES deliveries (tenant_id, id)
);

-- Stays on the coordinator of a Citus cluster: it is claimed over all tenants.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    fence INTEGER NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at);

-- What people changed, outside messages. Each row holds the hash of the row before it.
CREATE TABLE audit_entries (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (tenant_id, id)
);
