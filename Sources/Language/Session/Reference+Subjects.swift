/// How the reference is laid out: what belongs together, and where to look for what.
extension Reference {
  /// Modules that belong together.
  struct Subject {
    let title: String
    let modules: [String]
  }

  /// All modules, the ones for which rnr exists first.
  static let subjects = [
    Subject(
      title: "Nets and zoos", modules: ["languages", "digits", "networks", "zoos", "families"]),
    Subject(
      title: "Encoders and their training",
      modules: [
        "probing", "linear_probing", "statistics", "flat_weights", "parameter_transformer",
        "dwsnet", "graph_encoder", "controls", "unpacking", "encoders", "emulation", "training",
        "downstream", "official",
      ]),
    Subject(title: "The interrogator", modules: ["interrogation", "game", "interrogators"]),
    Subject(title: "Tensors and gradients", modules: ["tensors", "gradients", "layers"]),
    Subject(title: "Figures, files and data", modules: ["plot", "system", "tables"]),
    Subject(title: "The language", modules: ["basics", "collections", "texts"]),
  ]

  /// What a reader may want to do, and the functions for it; `module.name` where two modules have
  /// the name.
  static let guide: [(aim: String, names: [String])] = [
    (
      "train a population of nets and keep snapshots",
      ["language_zoo", "zoo_status", "load"]
    ),
    ("hold out whole tasks (languages)", ["zoos.split", "warn_of_shared_tasks"]),
    ("train one net on a formal language", ["language", "lstm", "train", "strings", "accepts"]),
    ("run a net, or look at its hidden states", ["run", "step", "weights", "permute"]),
    (
      "bring in nets that were trained in PyTorch",
      ["load", "lstm_from", "gru_from", "nets", "weight_layout"]
    ),
    ("embed nets by asking them", ["interactive_probing", "noninteractive_probing", "encode"]),
    (
      "embed nets by reading their weights",
      ["layer_statistics", "flat_weights", "parameter_transformer", "dwsnet", "graph_encoder"]
    ),
    (
      "pretrain an encoder without labels, by emulation",
      ["emulator", "pretrain", "emulation_loss", "blind", "told"]
    ),
    ("compare encoders", ["encoder_properties", "permutation_gap", "blind", "told"]),
    ("write an encoder of your own", ["unpack", "relabelled", "encode", "claims"]),
    (
      "exchange encoders with the paper's PyTorch code",
      ["load", "save", "with_state", "state_dictionary"]
    ),
    ("see what an encoder asks a net", ["question", "probe_words"]),
    ("look at an embedding space", ["pca", "scatter", "heatmap"]),
    ("see what embeddings tell of a property", ["linear_r2", "predict", "rank_correlation"]),
    ("give a result with its interval", ["bootstrap", "bars"]),
    (
      "know how many questions tell functions apart",
      ["function_set", "family", "bounds", "interactive_strategy", "noninteractive_strategy"]
    ),
    ("ask them", ["oracle", "interrogate", "identify", "play", "learned_interrogator"]),
    (
      "write a training loop of your own",
      ["value_and_gradient", "adamw", "update", "iterate"]
    ),
    ("read and write files", ["load", "save", "parse_csv", "parse_json"]),
  ]

  /// Modules as their subjects come; those of no subject last.
  static func inOrder(_ modules: [Module]) -> [Module] {
    let order = subjects.flatMap(\.modules)
    let known = order.compactMap { name in modules.first { $0.name == name } }
    return known + modules.filter { !order.contains($0.name) }
  }

  /// What is not as it should be: modules of no subject, and names of the guide that are not
  /// declared.
  var strays: [String] {
    let order = Reference.subjects.flatMap(\.modules)
    let unplaced = modules.map(\.name).filter { !order.contains($0) }
    let names = Set(
      modules.flatMap { module in
        module.entries.flatMap { [$0.name, "\(module.name).\($0.name)"] }
      })
    return unplaced + Reference.guide.flatMap(\.names).filter { !names.contains($0) }
  }
}
