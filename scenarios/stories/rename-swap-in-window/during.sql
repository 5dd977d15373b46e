-- at: before chunk 2 of orders
RENAME TABLE orders TO orders_old, orders_new TO orders;
UPDATE orders SET extra = 8 WHERE id < 50;
UPDATE orders_old SET v = 'gone' WHERE id > 50;

-- at: applying
RENAME TABLE orders TO swap_table, orders_old TO orders, swap_table TO orders_old;
INSERT INTO orders VALUES (200, 'behind the swap');
UPDATE orders_old SET extra = 9 WHERE id = 60;
