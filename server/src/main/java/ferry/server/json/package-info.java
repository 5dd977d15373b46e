/// Writes JSON, one value a line, for machines that read what Ferry does.
package ferry.server.json;
