import LoadPlans

/// Something that tells what becomes of runs: a list that is polled, callbacks, a stream, a database.
///
/// It outlives a stage, and is started and stopped with each.
protocol RunSource: AnyObject, Sendable {
    /// Whether what it shows is shown to one tenant, so that a run of another has crossed over.
    var isOfTenant: Bool { get }

    /// Tells `desk` of runs from now on.
    func start(_ desk: ExecutionDesk)

    /// Tells of nothing more once it returns.
    func stop()

    /// The plan has come to its end.
    func close()

    /// What went wrong since it was started last, a sentence each.
    var remarks: [String] { get }
}

extension RunSource {
    func close() {}
}
