/// An in-memory database and its dialect: the worked example for a new dialect, and what
/// simulations run on.
package ferry.dialects.toy;
