import MeshTarget

extension Service {
    /// Why a reader is refused.
    struct Refusal: Error {
        var reply: MeshReply
    }

    /// The project whose token a request shows.
    func reader(of request: ServiceRequest) -> Result<String, Refusal> {
        guard let token = request.token else { return .failure(.unauthorized) }
        let named = request.field("X-Project-Id")
        switch options.authentication {
        case .tokens:
            guard let project = project(of: token) else { return .failure(.unauthorized) }
            guard named == nil || named == project else {
                return .failure(Refusal(reply: .failure(403, "not your project")))
            }
            return .success(project)
        case .project:
            guard let named, directory.projects.contains(named) else {
                return .failure(
                    Refusal(reply: .failure(401, "unauthorized", "name a project in X-Project-Id"))
                )
            }
            return .success(named)
        }
    }

    /// Whose token it is: an opaque one of the seed, or a web token that is signed and has not expired.
    func project(of token: some StringProtocol) -> String? {
        if let project = opaque.first(where: { isEqual($0.key, token) })?.value { return project }
        guard let claims = tokens.claims(of: token, now: now / 1_000_000_000),
            directory.projects.contains(claims.project_id)
        else { return nil }
        return claims.project_id
    }

    /// Compares in a time that depends on the lengths alone.
    private func isEqual(_ left: String, _ right: some StringProtocol) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// As whom a run is read: the reader, unless a defect is planted.
    func owner(of run: String, reader project: String) -> String {
        options.defects.has(.runReadable) ? knownProjects[run] ?? project : project
    }
}

extension Service.Refusal {
    static let unauthorized = Service.Refusal(
        reply: MeshReply.failure(401, "unauthorized", "send a tenant's token as a bearer token")
            .adding("WWW-Authenticate", "Bearer")
    )
}
