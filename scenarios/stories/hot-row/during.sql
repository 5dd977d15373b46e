-- at: throughout
UPDATE counter SET value = value + 1, last = CONCAT('round ', @i) WHERE id = 1;
UPDATE filler SET value = value + 1 WHERE id = 1 + @i % 400;

-- at: inside chunk 1 of counter
-- session: second
-- times: 50
UPDATE counter SET value = value + 1 WHERE id = 2;

-- at: applying
-- session: second
-- times: 300
UPDATE counter SET value = value + 1 WHERE id = 2;
