-- at: applying
UPDATE token SET n = n + 1 WHERE t = 'a ';
DELETE FROM token WHERE t = 'a';
UPDATE token SET t = 'é ' WHERE t = 'é';
