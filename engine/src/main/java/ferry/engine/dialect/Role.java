package ferry.engine.dialect;

/// Which end of a project an endpoint is.
public enum Role {
    SOURCE,
    TARGET
}
