/// The life of a project and its steps as one pure function over states and events.
package ferry.server.lifecycle;
