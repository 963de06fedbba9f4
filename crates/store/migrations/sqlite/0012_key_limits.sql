-- What a key is limited to, as people read it; an empty text limits nothing.
ALTER TABLE application_keys ADD COLUMN limits TEXT NOT NULL DEFAULT '';
