package ferry.engine.pipeline;

import ferry.engine.changelog.SourceForms;
import ferry.engine.dialect.Ends;
import ferry.engine.model.Position;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;

/// The source's dialect, as the change log asks it.
public record FormsOfSource(Ends ends) implements SourceForms {
    @Override
    public Position position(String text) {
        return ends.position(text);
    }

    @Override
    public RowCode rowCode(Table layout, byte[] description) {
        return ends.rowCode(layout, description);
    }
}
