-- Origins of pages in browsers that may call the API, with a space between each; `*` for any.
ALTER TABLE tenants ADD COLUMN api_origins TEXT NOT NULL DEFAULT '';
