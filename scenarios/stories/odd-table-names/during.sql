-- at: inside chunk 1 of order
UPDATE `order` SET `from` = 4;
UPDATE `with.dot` SET `select` = 'z', `a.b` = 3 WHERE `a.b` = 1;

-- at: applying
INSERT INTO `with.dot` VALUES (4, 'from', 4, 4);
UPDATE `with space` SET ` lead` = 2;
UPDATE `back``tick` SET v = 2;
UPDATE `quote's "both"` SET v = 3 WHERE id = 2;
INSERT INTO `order` VALUES (2, '', NULL);
DELETE FROM `100%`;
UPDATE `axb` SET v = 2;
INSERT INTO `a_b` VALUES (5);
UPDATE `größe 日本` SET `日本` = 2;
UPDATE `back\slash` SET v = 2;
UPDATE `${db}_sp ace`.`t` SET v = 2;
ALTER TABLE `with.dot` ADD COLUMN `new ``one``` INT DEFAULT 5;
UPDATE `with.dot` SET `new ``one``` = 6 WHERE `a.b` = 2;
