import LoadPlans

extension LoadedPlan {
    /// The traces and rules that the stages read, each once, as they are now; what cannot be read is told elsewhere.
    func files(of stages: [Stage]) -> [RunFile] {
        var files: [RunFile] = []
        func add(_ path: String, _ use: RunFile.Use) {
            guard !files.contains(where: { $0.path == path }), let file = RunFile(reading: path, use) else {
                return
            }
            files.append(file)
        }
        for stage in stages {
            for name in stage.scenarios {
                for trace in plan.scenario(name)?.traces ?? [] { add(trace, .trace) }
                if let path = correlationFile(of: name, in: stage) { add(path, .correlation) }
            }
            if case .rules(let path) = stage.check { add(path, .rules) }
        }
        return files
    }

    /// What is another than in the run that is repeated, a sentence each; nothing where none is.
    func changes(_ files: [RunFile]) -> [String] {
        guard let repeated = origin.repeated else { return [] }
        guard let then = origin.files else {
            return ["\(repeated) does not say what its traces and rules were, so they may be others now"]
        }
        return RunFile.changes(since: then, now: files)
    }
}
