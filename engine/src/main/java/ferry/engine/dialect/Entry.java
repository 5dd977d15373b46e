package ferry.engine.dialect;

/// One fact of Ferry's bookkeeping in the target: `value` under (project, kind, name). An empty
/// value removes the fact. `kind` at most 32, `name` at most 255 characters of ASCII, `value` any
/// text up to 16 MiB.
public record Entry(String kind, String name, String value) {}
