import QuantizeKit

/// Which options exclude each other, and which need another: one table for all
/// commands.
enum OptionRules {
  /// Options of which at most one side is given.
  private struct Contradiction {
    let first: [String]
    let second: [String]
    let reason: String?

    init(_ first: [String], _ second: [String], _ reason: String? = nil) {
      self.first = first
      self.second = second
      self.reason = reason
    }
  }

  /// An option that means nothing without one of others.
  private struct Requirement {
    let option: String
    let needed: [String]
    let remedy: String

    init(_ option: String, _ needed: [String], _ remedy: String) {
      self.option = option
      self.needed = needed
      self.remedy = remedy
    }
  }

  private static let sources = ["--init", "--palette", "--map"]
  private static let fixed = ["--palette", "--map"]
  private static let deep = ["--output-depth 16"]
  private static let targets = ["--target-psnr", "--target-delta-e"]

  private static let contradictions: [Contradiction] = [
    .init(["--quiet"], ["--verbose"]),
    .init(["--quiet"], ["--json"]),
    .init(
      ["--background"], ["--alpha-threshold"], "the background leaves no alpha"),
    .init(["--ext"], ["--output"], "both name the output"),
    .init(["--in-place"], ["--output", "--ext"], "both name the outputs"),
    .init(["--in-place"], ["--format"], "each image keeps its format"),
    .init(["--dry-run"], ["--watch"], "nothing is written"),
    .init(
      ["--compression"], ["--optimize"],
      "--optimize compresses as hard as it can"),
    .init(["--keep-metadata"], ["--strip"]),
    .init(
      deep, ["--optimize"], "it searches among files of 8 bits a sample"),
    .init(
      deep, ["--dither", "--perceptual"], "colours of 8 bits are dithered"),
    .init(
      ["--min-region"], ["--dither", "--perceptual"],
      "dithering makes small regions"),
    .init(deep, ["--posterize"], "it drops bits"),
    .init(
      deep, ["--from-image", "--pins-first", "--transparent-index"],
      "a PNG of 16 bits has no palette"),
    .init(deep, fixed, "given colours have 8 bits a sample"),
    .init(deep, ["--shared-palette"], "a palette file has 8 bits a sample"),
    .init(["--effort"], ["--speed"]),
    .init(["--nofs"], ["--dither"]),
    .init(
      ["--for recolor"], sources + ["-k auto"] + targets + ["--quality"],
      "its colours are the extremes, not the nearest"),
    .init(["--init"], fixed, "colours come from one of them"),
    .init(["--palette"], ["--map"], "colours come from one of them"),
    .init(["--pin"], sources, "its colours are the palette"),
    .init(["--posterize"], fixed, "it would change the given colours"),
    .init(["-k auto"], sources, "the file says what k is"),
    .init(
      ["--keep-palette", "--pins-first", "--transparent-index"],
      ["--optimize"], "--optimize orders the palette"),
    .init(
      ["--from-image"], sources + ["--pin"],
      "colours come from the image or from there"),
    .init(
      ["--from-image"], ["-k auto"] + targets + ["--quality"],
      "its error is not that of the fit; give -k"),
    .init(["--from-image"], ["--posterize"], "it would change the colours"),
    .init(["-k <n>"], targets, "a target chooses k"),
    .init(["-k <n>"], ["--k-max"], "both are the most colours"),
    .init(targets, ["--quality"], "k is chosen by one of them"),
    .init(
      targets + ["--quality"], ["--criterion"], "k is chosen by one of them"),
    .init(targets + ["--quality"], sources, "the file says what k is"),
    .init(
      ["--output-profile"], ["--target-delta-e", "--pin"] + fixed,
      "colours and colour differences mean sRGB"),
    .init(["--force"], ["--resume"], "--force makes all outputs again"),
    .init(
      ["--watch"], ["--shared-palette"],
      "a shared palette needs all images first"),
    .init(["--shared-palette"], fixed, "all images share that one already"),
    .init(["--report -"], ["--progress json"], "both go to standard output"),
    .init(
      ["--superpixels"],
      ["-k <n>", "--spatial", "--min-region", "--smooth", "--normalize"]),
    .init(
      ["--superpixels"], ["--palette", "--pin", "--space"],
      "superpixels have colours of their own"),
    .init(
      ["--spatial"], ["--palette", "--pin"], "a given colour has no position"),
    .init(
      ["--channels", "--normalize"], ["--palette", "--pin", "--space"],
      "channels are no colours"),
    .init(
      ["--from"], ["--to-palette", "--match"], "each says what is moved"),
    .init(["--to-palette"], ["--match"], "each says where colours move to"),
    .init(["--match"], ["--palette"], "the palettes of both are fitted"),
    .init(
      ["--numbers"], ["--trap"], "numbered shapes are white, to be painted"),
    .init(
      ["--predict"],
      [
        "--components", "--covariance", "--init", "--model", "--seed",
        "--effort", "--speed", "--max-iterations", "--tolerance",
        "--acceleration", "--neighbours", "--mixing",
      ], "nothing is fitted"),
    .init(["means"], ["--seed", "--effort", "--speed"], "there is no search"),
    .init(
      ["--curves"], ["--simplify"], "curves follow the borders themselves"),
  ]

  private static let requirements: [Requirement] = [
    .init(
      "--criterion", ["-k auto"] + targets + ["--quality"],
      "it chooses k; add -k auto"),
    .init(
      "--k-max", ["-k auto"] + targets + ["--quality"],
      "it limits a choice of k; add -k auto or a target"),
    .init("--pins-first", ["--pin"], "add --pin"),
    .init(
      "--keep-palette", ["--palette", "--map"], "add --palette"),
    .init("--dither-strength", ["--dither", "--perceptual"], "add --dither"),
    .init("--uncertainty-colors", ["--uncertainty"], "add --uncertainty"),
    .init("--layer-blend", ["--layers"], "add --layers"),
    .init("--merge-layers", ["--layers"], "add --layers"),
    .init("--overlay-color", ["--overlay"], "add --overlay"),
    .init("--simplify", ["--outlines"], "add --outlines"),
    .init("--trap", ["--outlines"], "add --outlines"),
    .init("--curves", ["--outlines"], "add --outlines"),
    .init("--numbers", ["--outlines"], "add --outlines"),
    .init(
      "--overlay-channels", ["--overlay", "--label-colors", "--outlines"],
      "add --overlay"),
    .init(
      "--compactness", ["--superpixels"],
      "add --superpixels, or weigh positions with --spatial"),
    .init("--mask", ["--superpixels"], "add --superpixels"),
    .init("--shades", ["--from"], "add --from and --to"),
    .init("--palette-out", ["--shared-palette"], "add --shared-palette"),
    .init("--force", ["--output"], "name a folder with -o"),
  ]

  /// Refuses options that exclude each other, and those that mean nothing
  /// without another.
  ///
  /// - Parameters:
  ///   - given: The options that are given.
  ///   - needing: Options whose requirements hold in this command.
  /// - Throws: `QuantizeError.usage`.
  static func check(
    _ given: [GivenOption], needing: Set<String> = []
  ) throws(QuantizeError) {
    func find(_ names: [String]) -> GivenOption? {
      given.first { names.contains($0.name) }
    }
    for rule in contradictions {
      guard let first = find(rule.first), let second = find(rule.second) else {
        continue
      }
      throw .usage(
        "\(first.shown) and \(second.shown) contradict each other"
          + (rule.reason.map { ": \($0)" } ?? "") + "; give one of them")
    }
    for rule in requirements where needing.contains(rule.option) {
      guard let option = find([rule.option]), find(rule.needed) == nil else {
        continue
      }
      throw .usage(
        "\(option.shown) has no effect without "
          + "\(rule.needed.first ?? ""); \(rule.remedy)")
    }
  }
}
