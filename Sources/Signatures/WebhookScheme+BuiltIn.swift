extension WebhookScheme {
    /// The schemes that Tapedeck knows, in the order in which they are looked for where a request carries several.
    ///
    /// Each is taken from its provider's documentation for receivers; `Documentation/signatures.md` names the pages.
    package static let builtIn: [WebhookScheme] =
        [
            mesh, gitea, gogs, github, githubSHA1, githubSHA512, bitbucket,
        ] + providers + [
            WebhookScheme("sigv4", "AWS Signature Version 4", method: .request(AWSSignature())),
            WebhookScheme(
                "jwt",
                "JSON Web Token, HS256, HS384 or HS512",
                method: .token(JSONWebTokenScheme())
            ),
        ]

    /// What MeshHook takes.
    package static let mesh = WebhookScheme(
        "mesh",
        "HMAC-SHA256 of the body in X-Signature",
        SignatureForm(
            .hmacSHA256,
            in: .header("X-Signature"),
            value: "sha256={signature}",
            ids: [.header("X-Delivery-Id")],
            recognition: .shape
        )
    )

    /// GitHub documentation, "Validating webhook deliveries"; so sign Meta, Gitea and others.
    package static let github = WebhookScheme(
        "github",
        "HMAC-SHA256 of the body in X-Hub-Signature-256",
        SignatureForm(
            .hmacSHA256,
            in: .header("X-Hub-Signature-256"),
            value: "sha256={signature}",
            ids: [.header("X-GitHub-Delivery")],
            marks: ["X-GitHub-Event"],
            recognition: .shape
        )
    )

    private static let githubSHA1 = WebhookScheme(
        "github-sha1",
        family: "github",
        "HMAC-SHA1 of the body in X-Hub-Signature",
        SignatureForm(
            .hmacSHA1,
            in: .header("X-Hub-Signature"),
            value: "sha1={signature}",
            ids: [.header("X-GitHub-Delivery")],
            recognition: .shape
        )
    )

    private static let githubSHA512 = WebhookScheme(
        "github-sha512",
        family: "github",
        "HMAC-SHA512 of the body in X-Hub-Signature-512",
        SignatureForm(
            .hmacSHA512,
            in: .header("X-Hub-Signature-512"),
            value: "sha512={signature}",
            ids: [.header("X-GitHub-Delivery")],
            recognition: .shape
        )
    )

    private static let gitea = WebhookScheme(
        "gitea",
        family: "github",
        "HMAC-SHA256 of the body in X-Gitea-Signature",
        SignatureForm(.hmacSHA256, in: .header("X-Gitea-Signature"), ids: [.header("X-Gitea-Delivery")])
    )

    private static let gogs = WebhookScheme(
        "gogs",
        family: "github",
        "HMAC-SHA256 of the body in X-Gogs-Signature",
        SignatureForm(.hmacSHA256, in: .header("X-Gogs-Signature"), ids: [.header("X-Gogs-Delivery")])
    )

    private static let bitbucket = WebhookScheme(
        "bitbucket",
        "HMAC-SHA256 of the body in X-Hub-Signature",
        SignatureForm(
            .hmacSHA256,
            in: .header("X-Hub-Signature"),
            value: "sha256={signature}",
            ids: [.header("X-Request-UUID")],
            marks: ["X-Event-Key"],
            recognition: .shape
        )
    )
}
