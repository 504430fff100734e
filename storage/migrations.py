"""The shape of the database, as numbered steps. A step that was released is never edited."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (  # 1: what was said
        """CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            platform TEXT NOT NULL,
            channel TEXT NOT NULL,
            thread TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (platform, channel, thread)
        ) STRICT""",
        """CREATE TABLE questions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            domain TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX questions_by_conversation ON questions (conversation_id, id)",
        """CREATE TABLE replies (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            question_id INTEGER NOT NULL UNIQUE REFERENCES questions (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('done', 'stopped', 'failed', 'abstained')),
            model TEXT NOT NULL,
            version TEXT,
            verified INTEGER NOT NULL DEFAULT 0,
            copied INTEGER NOT NULL DEFAULT 0,
            source_reply INTEGER REFERENCES replies (id) ON DELETE SET NULL,
            source_pair INTEGER,
            prompt_tokens INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            queued_ms INTEGER NOT NULL,
            first_token_ms INTEGER NOT NULL,
            latency_ms INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
    ),
    (  # 2: chat platforms: which message is whose, what was handled
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
    ),
    (  # 3: what people think of replies, and what they say the right answer is
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            text TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('live', 'pending', 'rejected', 'withdrawn')),
            decided_by TEXT,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX corrections_by_reply ON corrections (reply_id)",
        "CREATE INDEX corrections_by_person ON corrections (person)",
        "CREATE INDEX corrections_pending ON corrections (id) WHERE state = 'pending'",
        "ALTER TABLE pieces ADD COLUMN correction_id INTEGER "
        "REFERENCES corrections (id) ON DELETE CASCADE",
        # One row for each place where a person can put a mark: every emoji is a place of its own,
        # the feedback buttons together are another one.
        """CREATE TABLE labels (
            id INTEGER PRIMARY KEY,
            reply_id INTEGER REFERENCES replies (id) ON DELETE CASCADE,
            correction_id INTEGER REFERENCES corrections (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            place TEXT NOT NULL,
            emoji TEXT NOT NULL,
            score REAL NOT NULL CHECK (score BETWEEN -1 AND 1),
            present INTEGER NOT NULL,
            changed_at REAL NOT NULL,
            created_at TEXT NOT NULL,
            CHECK ((reply_id IS NULL) <> (correction_id IS NULL))
        ) STRICT""",
        "CREATE UNIQUE INDEX labels_on_replies ON labels (reply_id, person, place) "
        "WHERE reply_id IS NOT NULL",
        "CREATE UNIQUE INDEX labels_on_corrections ON labels (correction_id, person, place) "
        "WHERE correction_id IS NOT NULL",
        "CREATE INDEX labels_by_person ON labels (person)",
        # One verdict a person: of the marks that stand, the one that was put last.
        """CREATE VIEW verdicts AS
            SELECT reply_id, correction_id, person, emoji, score, changed_at FROM (
                SELECT *, row_number() OVER (
                    PARTITION BY reply_id, correction_id, person ORDER BY changed_at DESC, place
                ) AS nth FROM labels WHERE present
            ) WHERE nth = 1""",
        # A person with authority has looked, or should.
        """CREATE TABLE reviews (
            reply_id INTEGER PRIMARY KEY REFERENCES replies (id) ON DELETE CASCADE,
            ruling TEXT CHECK (ruling IN ('approved', 'rejected')),
            decided_by TEXT,
            decided_at REAL,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX replies_by_source ON replies (source_reply) WHERE source_reply IS NOT NULL",
    ),
    (  # 4: what is known: approved questions and answers, each with what it means as numbers
        """CREATE TABLE pairs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            domain TEXT NOT NULL,
            question TEXT NOT NULL,
            key TEXT NOT NULL,
            answer TEXT NOT NULL,
            source TEXT NOT NULL,
            as_of TEXT NOT NULL,
            score REAL NOT NULL,
            support REAL NOT NULL,
            person TEXT,
            reply_id INTEGER UNIQUE REFERENCES replies (id) ON DELETE CASCADE,
            embedder TEXT,
            vector BLOB,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX pairs_taught ON pairs (domain, key) WHERE reply_id IS NULL",
        "CREATE INDEX pairs_by_key ON pairs (domain, key, support)",
        "CREATE INDEX pairs_by_person ON pairs (person) WHERE person IS NOT NULL",
        "CREATE INDEX pairs_unread ON pairs (id) WHERE vector IS NULL AND score > 0",
        # Whoever changes a pair, in whichever process: readers see it before the next question.
        """CREATE TABLE pair_changes (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            pair_id INTEGER NOT NULL
        ) STRICT""",
        """CREATE TRIGGER pair_added AFTER INSERT ON pairs BEGIN
            INSERT INTO pair_changes (pair_id) VALUES (NEW.id); END""",
        """CREATE TRIGGER pair_changed AFTER UPDATE ON pairs BEGIN
            INSERT INTO pair_changes (pair_id) VALUES (NEW.id); END""",
        """CREATE TRIGGER pair_removed AFTER DELETE ON pairs BEGIN
            INSERT INTO pair_changes (pair_id) VALUES (OLD.id); END""",
        """CREATE TABLE drawn_on (
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
            score REAL NOT NULL,
            PRIMARY KEY (reply_id, pair_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX drawn_on_by_pair ON drawn_on (pair_id)",
    ),
    (  # 5: training rounds, what they have used, and the versions that came out of them
        """CREATE TABLE rounds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            domain TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('running', 'promoted', 'rejected', 'inconclusive', 'failed', 'cancelled')),
            report TEXT,
            created_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT""",
        "CREATE UNIQUE INDEX one_round_at_a_time ON rounds (state) WHERE state = 'running'",
        "ALTER TABLE labels ADD COLUMN round_id INTEGER REFERENCES rounds (id) ON DELETE SET NULL",
        "ALTER TABLE corrections ADD COLUMN round_id INTEGER "
        "REFERENCES rounds (id) ON DELETE SET NULL",
        "ALTER TABLE pairs ADD COLUMN round_id INTEGER REFERENCES rounds (id) ON DELETE SET NULL",
        """CREATE TABLE versions (
            name TEXT PRIMARY KEY,
            domain TEXT NOT NULL,
            round_id INTEGER REFERENCES rounds (id) ON DELETE SET NULL,
            tainted_at TEXT,
            created_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE trained_on (
            version TEXT NOT NULL REFERENCES versions (name) ON DELETE CASCADE,
            person TEXT NOT NULL,
            PRIMARY KEY (version, person)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX trained_on_by_person ON trained_on (person)",
        # The latest row of a domain says what is live; version NULL: the bare base model.
        """CREATE TABLE promotions (
            id INTEGER PRIMARY KEY,
            domain TEXT NOT NULL,
            version TEXT REFERENCES versions (name) ON DELETE CASCADE,
            reason TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE wanted_rounds (
            domain TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT""",
    ),
    (  # 6: scores of different embedders do not compare; whose the earlier ones are is unknown
        "ALTER TABLE drawn_on ADD COLUMN embedder TEXT",
    ),
    (  # 7: questions that differ in a sign are no longer one; each key is worked out anew
        # A key that begins with a space is none yet: see Pairs.renew_keys.
        "UPDATE pairs SET key = ' ' || id",
        "CREATE INDEX pairs_unkeyed ON pairs (id) WHERE substr(key, 1, 1) = ' '",
    ),
    (  # 8: which messages say what was decided about the correction that they show
        "ALTER TABLE pieces ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
        # Nobody knows which of the older ones were rewritten: they stay as they are.
        "UPDATE pieces SET told = 1 WHERE correction_id IN (SELECT id FROM corrections "
        "WHERE decided_by IS NOT NULL)",
    ),
    (  # 9: which outcomes of rounds people have been told of
        "ALTER TABLE rounds ADD COLUMN reported_at TEXT",
        "UPDATE rounds SET reported_at = ended_at",
    ),
    (  # 10: whose words a reply may repeat; pairs, which drawn_on knows, go or get another's words
        """CREATE TABLE repeats (
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            PRIMARY KEY (reply_id, person)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX repeats_by_person ON repeats (person)",
        # An approved answer (no author) that repeats somebody hands the words on.
        """INSERT INTO repeats WITH RECURSIVE said (reply_id, person) AS (
            SELECT d.reply_id, p.person FROM drawn_on d JOIN pairs p ON p.id = d.pair_id
                WHERE p.person IS NOT NULL
            UNION SELECT d.reply_id, q.person FROM drawn_on d JOIN pairs p ON p.id = d.pair_id
                JOIN replies r ON r.id = p.reply_id JOIN questions q ON q.id = r.question_id
            UNION SELECT d.reply_id, s.person FROM said s
                JOIN pairs p ON p.reply_id = s.reply_id AND p.person IS NULL
                JOIN drawn_on d ON d.pair_id = p.id
        ) SELECT reply_id, person FROM said""",
    ),
    (  # 11: vectors of an embedder that is to take over once it has read all pairs
        """CREATE TABLE prepared_vectors (
            pair_id INTEGER PRIMARY KEY REFERENCES pairs (id) ON DELETE CASCADE,
            embedder TEXT NOT NULL,
            vector BLOB NOT NULL
        ) STRICT""",
        """CREATE TRIGGER pair_reworded AFTER UPDATE OF question, answer ON pairs
            WHEN OLD.question <> NEW.question OR OLD.answer <> NEW.answer BEGIN
            DELETE FROM prepared_vectors WHERE pair_id = NEW.id; END""",
    ),
    (  # 12: known questions that were offered, and whether people say that they meant them
        """CREATE TABLE suggestions (
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
            score REAL NOT NULL,
            embedder TEXT,
            PRIMARY KEY (reply_id, pair_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX suggestions_by_pair ON suggestions (pair_id)",
        # ``key``: normal form of the question in which somebody did (``fits``) or did not mean it.
        """CREATE TABLE picks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
            domain TEXT NOT NULL,
            key TEXT NOT NULL,
            person TEXT NOT NULL,
            fits INTEGER NOT NULL,
            decides INTEGER NOT NULL,
            round_id INTEGER REFERENCES rounds (id) ON DELETE SET NULL,
            created_at TEXT NOT NULL,
            UNIQUE (reply_id, pair_id, person)
        ) STRICT""",
        "CREATE INDEX picks_by_key ON picks (domain, key)",
        "CREATE INDEX picks_by_pair ON picks (pair_id)",
        "CREATE INDEX picks_by_person ON picks (person)",
        # How sure a reply was of the pair it gave or offered first, and whether a person meant it.
        """CREATE TABLE judged_scores (
            reply_id INTEGER NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
            person TEXT NOT NULL,
            domain TEXT NOT NULL,
            embedder TEXT NOT NULL,
            score REAL NOT NULL,
            fits INTEGER NOT NULL,
            PRIMARY KEY (reply_id, person)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX judged_scores_by_person ON judged_scores (person)",
    ),
    (  # 13: replies to texts that asked for nothing; starter packs that were loaded or removed
        "ALTER TABLE replies ADD COLUMN small_talk INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE starter_packs (
            domain TEXT PRIMARY KEY,
            loaded_at TEXT NOT NULL,
            removed_at TEXT
        ) STRICT""",
        "INSERT INTO starter_packs (domain, loaded_at) SELECT domain, min(created_at) FROM pairs "
        "WHERE person = 'reactune:starter' GROUP BY domain",
    ),
    (  # 14: who stands behind a pair: one person, the team, a teacher, a source
        "ALTER TABLE pairs ADD COLUMN rank INTEGER NOT NULL DEFAULT 1",
        # ``decides``: the person might teach when they said so. ``waits``: a correction that is
        # pending only because too few stand behind it.
        "ALTER TABLE labels ADD COLUMN decides INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE corrections ADD COLUMN decides INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE corrections ADD COLUMN waits INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX corrections_by_words ON corrections (trim(text))",
        # A ruling stands until somebody decides again; since then people see it otherwise.
        "ALTER TABLE reviews ADD COLUMN reopened_at TEXT",
        "UPDATE replies SET source_reply = NULL WHERE source_reply = id",
        "DROP VIEW verdicts",
        """CREATE VIEW verdicts AS
            SELECT reply_id, correction_id, person, emoji, score, decides, changed_at FROM (
                SELECT *, row_number() OVER (
                    PARTITION BY reply_id, correction_id, person ORDER BY changed_at DESC, place
                ) AS nth FROM labels WHERE present
            ) WHERE nth = 1""",
        # What somebody with authority decided stands: as a teacher's word, in place of what was
        # taught. Of what people said the rank is worked out at the next start: renew_ranks.
        "UPDATE corrections SET decides = 1 WHERE state = 'live' AND decided_by IS NOT NULL",
        "UPDATE pairs SET support = 1, "
        "rank = iif(reply_id IS NOT NULL, 0, iif(source <> '', 4, 3))",
        "UPDATE pairs SET score = 0 WHERE reply_id IS NULL AND EXISTS (SELECT 1 FROM pairs p "
        "JOIN corrections c ON c.reply_id = p.reply_id AND c.text = p.answer AND c.decides "
        "WHERE (p.domain, p.key) = (pairs.domain, pairs.key))",
        "DROP INDEX pairs_by_key",
        "CREATE INDEX pairs_by_key ON pairs (domain, key, rank, support)",
    ),
)
