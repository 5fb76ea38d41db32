/// Who stands behind a connection: a tenant's system with its way to sign, to write and to name things.
struct Sender {
    enum Style: CaseIterable {
        /// JSON with `X-Signature`.
        case mesh
        /// Pushes of a forge with `X-Hub-Signature-256`.
        case forge
        /// Forms with `X-Signature`, field names in small letters.
        case form
    }

    var connection: Int
    var tenant: MeshTenant
    var style: Style

    func fields(delivery: String, client: String, type: String?) -> [(name: String, value: String)] {
        let host = "hooks.mesh.example"
        switch style {
        case .mesh:
            return [
                ("Host", host), ("User-Agent", "\(tenant.id)-dispatch/2.1"), ("X-Forwarded-For", client),
                ("X-Delivery-Id", delivery),
            ] + (type.map { [("Content-Type", $0)] } ?? [])
        case .forge:
            return [
                ("Host", host), ("User-Agent", "Hookshot/1.4"), ("Accept", "*/*"), ("X-GitHub-Event", "push"),
                ("X-GitHub-Delivery", delivery), ("X-Forwarded-For", client),
            ] + (type.map { [("Content-Type", $0)] } ?? [])
        case .form:
            return [("host", host), ("accept-encoding", "gzip"), ("x-forwarded-for", client)]
                + (type.map { [("content-type", $0)] } ?? []) + [("x-delivery-id", delivery)]
        }
    }

    var signatureField: String {
        switch style {
        case .mesh: "X-Signature"
        case .forge: "X-Hub-Signature-256"
        case .form: "x-signature"
        }
    }
}
