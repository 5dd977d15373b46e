-- at: applying
SET SESSION binlog_row_image = MINIMAL;
UPDATE item SET b = 5 WHERE id = 2;
