/// Settings: every parameter declared once, with its default, unit, bounds and meaning.
package ferry.engine.config;
