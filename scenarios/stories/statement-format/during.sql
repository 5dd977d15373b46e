-- at: applying
SET SESSION binlog_format = STATEMENT;
UPDATE item SET v = v + 1;
