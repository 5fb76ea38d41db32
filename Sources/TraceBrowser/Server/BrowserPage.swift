/// The files of the page, which are a part of the program.
package enum BrowserPage {
    package struct File: Sendable {
        package let name: String
        package let type: String
        package let bytes: [UInt8]
    }

    /// Every file of the folder.
    package static let files: [File] = [
        File(name: "index.html", type: "text/html; charset=utf-8", bytes: PackageResources.index_html),
        File(name: "style.css", type: "text/css; charset=utf-8", bytes: PackageResources.style_css),
        File(name: "icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        script("app.js", PackageResources.app_js),
        script("server.js", PackageResources.server_js),
        script("text.js", PackageResources.text_js),
        script("timeline.js", PackageResources.timeline_js),
        script("list.js", PackageResources.list_js),
        script("detail.js", PackageResources.detail_js),
        script("json.js", PackageResources.json_js),
    ]

    private static func script(_ name: String, _ bytes: [UInt8]) -> File {
        File(name: name, type: "text/javascript; charset=utf-8", bytes: bytes)
    }

    /// The file of that name; the page itself has none.
    package static func asset(_ name: String) -> BrowserAnswer? {
        let wanted = name.isEmpty ? "index.html" : name
        guard let file = files.first(where: { $0.name == wanted }) else { return nil }
        return BrowserAnswer(type: file.type, body: file.bytes)
    }
}
