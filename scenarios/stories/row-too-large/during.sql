-- at: problem
DELETE FROM picture WHERE id = 50000;
