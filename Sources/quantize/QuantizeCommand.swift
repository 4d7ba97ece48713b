import ArgumentParser
import ImageFormats
import Quantization
import QuantizeKit
import SystemPackage
import TruncatedEM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command line of the main job.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Version.name,
    abstract: "Reduce an image to a palette of k colours.",
    usage: "quantize <input> [-k <n>|auto] [--cprime <n>] [-o <file>]",
    discussion: """
      The colours are clustered with truncated variational EM for Gaussian \
      mixtures. C' says among how many clusters a colour is shared while they \
      are fitted: 1 is k-means, k is full EM.

      Examples:
        quantize photo.jpg -k 16
            writes photo-quantized.png with 16 colours
        quantize photo.jpg -k 16 --cprime 2 -o out.png
            the same with soft assignments to the two nearest clusters
        quantize photo.jpg --target-psnr 35
            as few colours as give 35 dB
        quantize photo.png -k 64 -o small.jpg
            writes a JPEG; the format follows the name
        curl -s https://example.org/a.jpg | quantize - -k 32 -o - > a.png
            reads standard input, writes standard output
        quantize a.png -k 8 --palette-out a.json --report -
            keeps the palette, prints a report
        quantize shot.png -k 64 --output-profile p3
            keeps the colours of Display P3
        quantize b.png --init a.json --max-iterations 0
            maps b.png to the palette of a.png

      Exit status: 0 done, 64 wrong usage, 65 damaged or unsupported image \
      or a target out of reach, 66 no such input, 73 cannot create the output, 74 input/output error, 130 \
      interrupted.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      "The image to read, PNG or JPEG; - is standard input.",
      valueName: "input"))
  var input: String

  // Numbers are taken unconditionally, so that "-3" is a wrong number rather
  // than an option that nobody knows.
  @Option(
    name: [.customShort("k"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      How many colours, 1 to 65536, or auto; above 256 the PNG is RGB. \
      (default: 256)
      """, valueName: "n"),
    transform: ColorCount.init(argument:))
  var colors: ColorCount?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most colours that auto chooses, 1 to 65536. (default: 256)",
      valueName: "n"))
  var kMax: Int?

  @Option(
    help: ArgumentHelp(
      "What auto minimises without a target: bic or aic. (default: bic)",
      valueName: "name"),
    transform: parseCriterion)
  var criterion: InformationCriterion?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose the fewest colours with this PSNR, in dB.", valueName: "x"))
  var targetPsnr: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose the fewest colours with this mean CIEDE2000.", valueName: "x"))
  var targetDeltaE: Double?

  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      "C': among how many clusters a colour is shared, 1 to k.",
      valueName: "n"))
  var cprime = 1

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The image to write; - is standard output. (default: NAME-quantized.png \
      beside the input, standard output when that is standard input)
      """, valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "png or jpeg. (default: by the ending of the output, or png)",
      valueName: "format"),
    transform: parseFormat)
  var format: ImageFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How hard to compress a PNG, 0 (not at all) to 9. (default: by the \
      effort, 4 to 9)
      """, valueName: "n"))
  var compression: Int?

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "Colour")
  var color: ColorOptions

  @Flag(help: "Replace files that exist.")
  var force = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed of the search; the same seed gives the same bytes.",
      valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most threads, 1 or more; they do not change the output. "
        + "(default: one a core)",
      valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How hard to search for a good palette, 1 (fast) to 10 (best).",
      valueName: "n"))
  var effort = Effort.standard.level

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Most iterations of EM, 0 or more. (default: by the effort; 300 with \
      --init)
      """, valueName: "n"))
  var maxIterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Relative change of the objective at which EM has converged; with 0 all \
      iterations are made. (default: by the effort; 1e-6 with --init)
      """, valueName: "x"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "Priors of the clusters: equal or learned.", valueName: "kind"))
  var mixing = FitOptions().mixing

  @Option(
    help: ArgumentHelp(
      "Variances of the clusters: shared or per-component.",
      valueName: "kind"))
  var variance = FitOptions().variance

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      JSON array of [r, g, b], 0 to 255: plain EM from exactly these means, \
      whose number is k.
      """, valueName: "file"))
  var initialMeans: String?

  @Option(
    help: ArgumentHelp(
      "Write a report as JSON; - is standard output.", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write the palette as JSON; - is standard output.", valueName: "file"))
  var paletteOut: String?

  @Flag(name: [.short, .long], help: "No summary, progress or warnings.")
  var quiet = false

  @Flag(
    name: [.short, .long],
    help: "Every iteration or k tried, and the time of each stage, on stderr.")
  var verbose = false

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    try check()
    let job = try job()
    let progress = Progress(quiet: quiet, verbose: verbose)
    let report: Report
    do {
      report = try job.run(
        observer: { statistics in
          progress.show(statistics)
          return .proceed
        },
        candidates: { progress.show($0) },
        warnings: { warning in
          guard !quiet else { return }
          Terminal.note(
            "quantize: \(job.input.displayName): warning: \(warning)")
        })
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    let carriesData = [job.output, job.report, job.palette]
      .contains(.standardStream)
    if verbose { Terminal.write(Summary.stages(of: report)) }
    if !quiet, !carriesData, Terminal.outputIsTerminal {
      print(
        Summary.text(of: report, colored: Terminal.showsColors),
        terminator: "")
    }
  }
}

extension QuantizeCommand {
  /// The format that `--format` names: one of its file endings.
  private static func parseFormat(_ argument: String) throws -> ImageFormat {
    guard let format = ImageFormat(pathExtension: argument) else {
      throw ValidationError(
        "there is no format “\(argument)”; png and jpeg are")
    }
    return format
  }

  /// The criterion that `--criterion` names.
  private static func parseCriterion(
    _ argument: String
  ) throws -> InformationCriterion {
    guard let criterion = InformationCriterion(rawValue: argument) else {
      throw ValidationError(
        "there is no criterion “\(argument)”; bic and aic are")
    }
    return criterion
  }

  /// Refuses what no job could be made of.
  private func check() throws(QuantizeError) {
    if let threads, threads < 1 {
      throw .usage("--threads must be 1 or more, not \(threads)")
    }
    if let maxIterations, maxIterations < 0 {
      throw .usage("--max-iterations must be 0 or more, not \(maxIterations)")
    }
    if let compression, !(0...9).contains(compression) {
      throw .usage("--compression must be 0 to 9, not \(compression)")
    }
    if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
      throw .usage("--tolerance must be 0 or more, not \(tolerance)")
    }
    guard !(quiet && verbose) else {
      throw .usage("--quiet and --verbose contradict each other")
    }
    try checkChoice()
    if initialMeans == "-", input == "-" {
      throw .usage("the image and --init cannot both be standard input")
    }
    for (option, value) in [
      ("input", input), ("--output", output ?? "-"),
      ("--report", report ?? "-"), ("--palette-out", paletteOut ?? "-"),
      ("--init", initialMeans ?? "-"),
    ] where value.isEmpty {
      throw .usage("the file name of \(option) is empty")
    }
  }

  private func job() throws(QuantizeError) -> QuantizeJob {
    let start = try start()
    let input = FileLocation(argument: input)
    let format = try outputFormat()
    let output =
      output.map(FileLocation.init(argument:))
      ?? defaultOutput(for: input, format)
    if output == .standardStream, Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with -o")
    }
    var options = QuantizeOptions(
      start: start.start, truncation: start.truncation)
    options.seed = seed
    options.threads =
      threads ?? ProcessInfo.processInfo.activeProcessorCount
    do {
      options.effort = try Effort(effort)
    } catch {
      throw .usage(error.message)
    }
    options.maximumIterations = maxIterations
    options.tolerance = tolerance
    options.mixing = mixing
    options.variance = variance
    options.alpha = try alpha.treatment()
    options.colorTarget = try color.target(targetDeltaE: targetDeltaE)
    options.format = format
    if compression != nil, format != .png {
      throw .usage("--compression is for PNG; the output is a JPEG")
    }
    options.compressionLevel = compression
    var job = QuantizeJob(input: input, output: output, options: options)
    job.report = report.map(FileLocation.init(argument:))
    job.palette = paletteOut.map(FileLocation.init(argument:))
    job.replaces = force
    return job
  }

  private func start() throws(QuantizeError) -> (
    start: QuantizeOptions.Start, truncation: Truncation
  ) {
    let start: QuantizeOptions.Start
    let count: Int
    if let initialMeans {
      let model = try InitialMeans.read(FileLocation(argument: initialMeans))
      if case .number(let colors) = colors, colors != model.components {
        throw .usage(
          "-k \(colors) contradicts --init, which has \(model.components) "
            + "colours; leave -k out")
      }
      start = .means(model)
      count = model.components
    } else if let choice = try choice() {
      start = .choose(choice)
      count = choice.most.count
    } else {
      count = colors?.number ?? PaletteSize.mostIndexed
      start = .search(try paletteSize(count))
    }
    do {
      return (start, try Truncation(cprime, of: count))
    } catch {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(count)), not \(cprime)")
    }
  }

  private func paletteSize(
    _ count: Int
  ) throws(QuantizeError) -> PaletteSize {
    do {
      return try PaletteSize(count)
    } catch {
      throw .usage(error.message)
    }
  }

  /// How the number of colours is chosen, if it is.
  private func choice() throws(QuantizeError) -> ColorCountChoice? {
    guard choosesColors else { return nil }
    let most = kMax ?? PaletteSize.mostIndexed
    guard PaletteSize.range.contains(most) else {
      throw .usage("--k-max must be 1 to 65536, not \(most)")
    }
    let size = try paletteSize(most)
    guard targetPsnr != nil || targetDeltaE != nil else {
      return ColorCountChoice(.criterion(criterion ?? .bic), upTo: size)
    }
    do {
      let target = try QualityTarget(
        peakSignalToNoiseRatio: targetPsnr, colorDifference: targetDeltaE)
      return ColorCountChoice(.target(target), upTo: size)
    } catch {
      throw .usage(error.message)
    }
  }

  /// What `--format` says, or else the ending of the output's name.
  private func outputFormat() throws(QuantizeError) -> ImageFormat {
    if let format { return format }
    guard let output, output != "-",
      let ending = FilePath(output).extension
    else { return .png }
    guard let format = ImageFormat(pathExtension: ending) else {
      throw .usage(
        "cannot write “.\(FilePath(ending).displayName)” files; use .png or "
          + ".jpg, or name the format with --format")
    }
    return format
  }

  private func defaultOutput(
    for input: FileLocation, _ format: ImageFormat
  ) -> FileLocation {
    guard var path = input.path, let stem = path.stem else {
      return .standardStream
    }
    path.removeLastComponent()
    return .file(path.appending("\(stem)-quantized.\(format.usualExtension)"))
  }
}

extension ImageFormat {
  /// The ending of files in the format.
  fileprivate var usualExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    }
  }
}
