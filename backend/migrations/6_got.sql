-- Up to where a device of theirs has everything, as it said itself; only moves forward. Reading is getting, so this may
-- lie behind `read`.
ALTER TABLE members ADD COLUMN got INTEGER NOT NULL DEFAULT 0;
