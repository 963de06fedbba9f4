-- What a key is limited to, as people read it; an empty text limits nothing.
ALTER TABLE application_keys ADD COLUMN limits TEXT NOT NULL DEFAULT '';
-- The origins whose pages may ask a tenant's API (CORS), with spaces between.
ALTER TABLE tenants ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '';
