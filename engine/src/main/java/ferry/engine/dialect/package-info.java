/// The SPI: what the engine needs to know about one family of databases, cut into small roles.
package ferry.engine.dialect;
