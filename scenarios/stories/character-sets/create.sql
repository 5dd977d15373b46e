CREATE TABLE text_of (
    id INT PRIMARY KEY,
    l1 VARCHAR(60) CHARACTER SET latin1,
    u3 VARCHAR(60) CHARACTER SET utf8,
    u4 VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci,
    big TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    c CHAR(10) CHARACTER SET utf8mb4,
    a VARCHAR(20) CHARACTER SET ascii,
    g VARCHAR(20) CHARACTER SET gbk,
    w VARCHAR(20) CHARACTER SET utf16,
    raw VARBINARY(60)
);
INSERT INTO text_of VALUES
    (1, 'café €', 'café 日本', 'smile 😀 é', REPEAT('😀', 100), 'pad  ', 'ascii', '中文', '😀', 0x00FF81FE),
    (2, '', '', '', '', '', '', '', '', ''),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 'back\\slash ''quote'' "double"', 'tab\t nl\n cr\r', 'nul\0 ctrl-z\Z', 'percent % under _', 'x', '`;--', 'g', 'w', 'b'),
    (5, 'ÄÖÜß', '\u0000', '👩‍👩‍👧‍👦', '𝒳', '日本', 'del', '龍', '龍', 0x5C27);
INSERT INTO text_of (id, l1) VALUES (6, _latin1 0x80818D8F909D9F), (7, _latin1 0xE9C3A9FF00);
INSERT INTO text_of (id, u4, raw)
WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
SELECT i, CONCAT('row ', i, ' ✓'), UNHEX(LPAD(HEX(i * 1009), 8, '0')) FROM n;
