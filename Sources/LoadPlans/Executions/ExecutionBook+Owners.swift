extension ExecutionBook {
    /// Who set a run going that was accepted here, by its name or by the mark of the request; `nil` where it was not.
    package func tenant(of run: RunSighting) -> String? {
        if let execution = executions[run.id] { return execution.tenant }
        return run.correlation.flatMap { marks[$0] }.flatMap { executions[$0]?.tenant }
    }
}
