/// Files that belong to a trace and lie beside it.
enum TraceCompanion {
    /// `NAME.trace.gz` with `suffix` in the place of its own.
    static func path(of trace: String, _ suffix: String) -> String {
        for own in [".trace.gz", ".gz"] where trace.hasSuffix(own) {
            return trace.dropLast(own.count) + suffix
        }
        return trace + suffix
    }
}
