"""The shape of the database, as numbered steps. A step that was released is never edited."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (  # 1: what was said
        """CREATE TABLE conversations (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL,
            channel TEXT NOT NULL,
            thread TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (platform, channel, thread)
        ) STRICT""",
        """CREATE TABLE questions (
            id INTEGER PRIMARY KEY,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            domain TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX questions_by_conversation ON questions (conversation_id, id)",
        """CREATE TABLE replies (
            id INTEGER PRIMARY KEY,
            question_id INTEGER NOT NULL UNIQUE REFERENCES questions (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('done', 'stopped', 'failed')),
            model TEXT NOT NULL,
            version TEXT,
            prompt_tokens INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            queued_ms INTEGER NOT NULL,
            first_token_ms INTEGER NOT NULL,
            latency_ms INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
    ),
    (  # 2: what people think of it; one row for each emoji that a person has on a reply
        """CREATE TABLE labels (
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            emoji TEXT NOT NULL,
            score REAL NOT NULL CHECK (score BETWEEN -1 AND 1),
            created_at TEXT NOT NULL,
            PRIMARY KEY (reply_id, person, emoji)
        ) STRICT, WITHOUT ROWID""",
    ),
    (  # 3: chat platforms: which message is whose, what was handled, when a label changed
        "ALTER TABLE questions ADD COLUMN message TEXT",
        "CREATE INDEX questions_by_message ON questions (message) WHERE message IS NOT NULL",
        """CREATE TABLE pieces (
            platform TEXT NOT NULL,
            channel TEXT NOT NULL,
            message TEXT NOT NULL,
            question_id INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
            PRIMARY KEY (platform, channel, message)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE handled (
            platform TEXT NOT NULL,
            event TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (platform, event)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX handled_by_time ON handled (created_at)",
        "ALTER TABLE labels ADD COLUMN present INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE labels ADD COLUMN changed_at REAL NOT NULL DEFAULT 0",
    ),
)
