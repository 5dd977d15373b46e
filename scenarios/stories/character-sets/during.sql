-- at: before chunk 2 of text_of
UPDATE text_of SET u4 = CONCAT(u4, '😎'), l1 = 'naïve' WHERE id > 20;

-- at: applying
UPDATE text_of SET l1 = _latin1 0xE4F6FC80 WHERE id = 10;
UPDATE text_of SET l1 = _latin1 0x818D, u3 = 'ひらがな', u4 = '🏴‍☠️', c = '  lead', g = '汉', w = '𝄞', raw = 0xC0C1F5FF WHERE id = 11;
UPDATE text_of SET big = REPEAT('é', 20000) WHERE id = 12;
INSERT INTO text_of SELECT id + 1000, l1, u3, u4, big, c, a, g, w, raw FROM text_of;
DELETE FROM text_of WHERE id IN (3, 1004);
