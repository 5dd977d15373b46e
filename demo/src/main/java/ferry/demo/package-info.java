/// The demo: a busy shop of our own moves from one real database to another, and a story tells what
/// is to be seen.
package ferry.demo;
