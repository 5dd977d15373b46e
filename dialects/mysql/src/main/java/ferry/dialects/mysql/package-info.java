/// The MySQL family: MySQL, MariaDB and OceanBase's MySQL tenants.
package ferry.dialects.mysql;
