import TemperCore
import TemperDatabases

/// The options of `kg`.
struct KnowledgeGraphOptions: Configurable {
    var endpoint: String?
    var triples: String?
    var prefix = FreebaseName.prefix
    var ontology: String?

    static let keys: [ConfigurationKey<KnowledgeGraphOptions>] = [
        ConfigurationKey("endpoint", \.endpoint, "The address of a SPARQL 1.1 server; excludes `triples`."),
        ConfigurationKey("triples", \.triples, "A file of triples, N-Triples or tab-separated; excludes `endpoint`."),
        ConfigurationKey("prefix", \.prefix, "What every name in the graph starts with."),
        ConfigurationKey("ontology", \.ontology, "A folder with AgentBench's `vocab.json` and `fb_roles`."),
    ]
}
