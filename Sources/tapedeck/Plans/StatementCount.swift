import LoadPlans
import Reports

/// Reads what statements take of the database in the course of a stage.
///
/// Its client is its own: that of the looks belongs to another thread.
final class StatementCount {
    private let watch: DatabaseWatch

    /// `place` is where the connection string is: `env:VAR` or `file:PATH`.
    init(_ place: String) {
        watch = DatabaseWatch(place)
    }

    /// What they have taken so far; `nil` where that is not to be had, which looks at the database tell of.
    func read() -> StatementTotals? { try? watch.statements() }

    /// What took the most since `before`, and what there is to say of it.
    func rows(since before: StatementTotals?) -> (rows: [StageResult.StatementRow], remark: String?) {
        guard let before else { return ([], nil) }
        do {
            guard let now = try watch.statements() else { return ([], nil) }
            let grown = now.grown(since: before)
            let most = grown.prefix(StageResult.statementLimit).map(\.id)
            return (StageResult.statementRows(grown, texts: try watch.texts(of: most)), nil)
        } catch {
            let message = CommandFailure.message(of: error)
            return ([], "the statements of the database were not counted to the end: \(message)")
        }
    }
}
