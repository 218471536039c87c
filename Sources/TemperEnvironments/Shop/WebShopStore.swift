import Foundation
import Synchronization
import TemperCore

/// Finds WebShop's files and keeps what was read, so that a process reads them once.
final class WebShopStore: Sendable {
    static let shared = WebShopStore()

    private let data = Mutex<[WebShopData.Files: WebShopData]>([:])

    /// - Throws: as ``WebShopData/init(_:)``.
    func data(_ files: WebShopData.Files) throws -> WebShopData {
        // Held while reading: a second reader of the same files waits for the first.
        try data.withLock { known in
            if let data = known[files] { return data }
            let data = try WebShopData(files)
            known[files] = data
            return data
        }
    }
}

extension WebShopData.Files {
    /// The folder below the data folder that is taken when no other is named.
    static let folder = "webshop"

    /// - Parameters:
    ///   - products: a file, or a folder that holds `items_shuffle*.json`; of several the first by name.
    ///   - attributes: a file; else `items_ins_v2*.json` beside the products, with the same ending (`_1000`) where there is one.
    ///   - goals: a file; else `items_human_ins.json` beside the products.
    /// - Throws: ``TemperError`` with code `unavailable` that says what to set.
    static func find(products: String?, attributes: String?, goals: String?, limit: Int?) throws -> WebShopData.Files {
        let manager = FileManager.default
        let path = products ?? DataFolder.locate()?.appendingPathComponent(folder).path ?? folder
        var isFolder: ObjCBool = false
        let hint = "set suites.webshop.products to WebShop's items_shuffle.json, or to the folder that holds it"
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TemperError(.unavailable, "WebShop's products are missing", hint: hint, place: path, boundary: .data)
        }
        var file = URL(fileURLWithPath: path)
        if isFolder.boolValue {
            let names = try manager.contentsOfDirectory(atPath: path).sorted()
            guard let name = names.first(where: { $0.hasPrefix("items_shuffle") && $0.hasSuffix(".json") }) else {
                throw TemperError(.unavailable, "there is no items_shuffle*.json here", hint: hint, place: path, boundary: .data)
            }
            file.appendPathComponent(name)
        }
        let beside = file.deletingLastPathComponent()
        let ending = file.deletingPathExtension().lastPathComponent.replacing("items_shuffle", with: "")
        let known = { (name: String) -> URL? in
            let url = beside.appendingPathComponent(name)
            return manager.fileExists(atPath: url.path) ? url : nil
        }
        return WebShopData.Files(
            products: file,
            attributes: attributes.map(URL.init(fileURLWithPath:)) ?? known("items_ins_v2\(ending).json")
                ?? known("items_ins_v2.json"),
            goals: goals.map(URL.init(fileURLWithPath:)) ?? known("items_human_ins.json"), limit: limit)
    }
}
