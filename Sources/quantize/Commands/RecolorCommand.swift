import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import TruncatedEM

/// The command that moves colours of an image and leaves the others as they are.
struct RecolorCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "recolor",
    abstract: "Change some colours of an image and keep the rest.",
    usage: """
      quantize recolor <input> --from <color> --to <color> [-o <file>] ...
      quantize recolor <input> --to-palette <file> [-o <file>] [options]
      quantize recolor <input> --match <image> [-o <file>] [options]
      quantize recolor <folders> ... -o <folder>/ [options]
      """,
    discussion: """
      The command fits a mixture to the colours of the image. A pixel follows \
      the colour that changes as far as that colour explains it, so edges stay \
      soft and shading stays. The result has full colour, not a palette.

      Examples:
        quantize recolor photo.jpg --from '#892143' --to '#1d4ed8'
            turns wine red into blue, in photo-recolored.png
        quantize recolor photo.jpg --from red --to green --lightness keep
            keeps the lightness of every pixel
        quantize recolor photo.jpg --match sunset.jpg -k 6
            moves six colours to those of another photo
        quantize recolor shop/ -r --from red --to teal -o teal/
            does the same to all images of a folder and its subfolders
        quantize palette photo.jpg -k 5 -o a.json
        quantize recolor photo.jpg --palette a.json --to-palette b.json
            moves the colours of a.json to those of b.json, one by one

      To quantise an image whose file is called recolor, write: quantize \
      ./recolor.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--from", "--to", "--to-palette", "--match", "--lightness", "--output",
    "--force", "--colors", "--cprime", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      """
      The image to read, \(FileKinds.images); - is standard input. Several \
      images, and those of folders, are written next to each input or in the \
      folder of -o.
      """, valueName: "input"),
    completion: FileKinds.image)
  var inputs: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The image to write; - is standard output, and a name that ends in / a \
      folder. (default: NAME-recolored.png next to the input; standard output if \
      the input is standard input)
      """, valueName: "file"),
    completion: FileKinds.image)
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write next to the input, with this instead of its file ending, such as \
      -blue.png.
      """, valueName: "ending"))
  var ext: String?

  @Flag(name: [.short, .long], help: "Read subfolders of folders as well.")
  var recursive = false

  @Flag(
    help: """
      In the folder of -o, redo outputs whose input or options have changed.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      """
      Format of the image: \(Names.images.text). (default: by the ending of \
      the output, else png)
      """, valueName: "format"),
    completion: Names.images.completion, transform: Names.images.parse)
  var format: OutputFormat?

  @Option(
    help: ArgumentHelp(
      """
      Write small pictures side by side as a PNG: the original, the result, and \
      the result with five other hues of what was moved.
      """, valueName: "file"),
    completion: FileKinds.files(["png"]))
  var preview: String?

  @OptionGroup
  var replacing: ForceOption

  @OptionGroup(title: "Colours")
  var colors: RecolorArguments

  @Option(
    name: [.customShort("k", allowingJoined: true), .customLong("colors")],
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Number of colours to fit to the image, 1 to 65536. (default: 16, or as \
      many as --to-palette has)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var count: Int?

  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      C': how many of them share a pixel, 1 to k. With 1 edges are hard. \
      (default: 3)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var cprime: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Seed of the random search. The same seed gives the same bytes. (default: \
      0)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var seed: UInt64?

  @OptionGroup(title: "Fit")
  var search: SearchArguments

  @Option(
    help: ArgumentHelp(
      """
      Working space: \(Names.spaces.text). Colours are compared and moved in \
      it. (default: oklab)
      """, valueName: "name"),
    completion: Names.spaces.completion, transform: Names.spaces.parse)
  var space: WorkingSpace?

  @OptionGroup(title: "Colour space")
  var profile: ColorOptions

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "File")
  var compression: CompressionOptions

  @OptionGroup(title: "Input")
  var page: PageOption

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  @OptionGroup(title: "Input")
  var memory: MemoryOption

  @OptionGroup(title: "General")
  var details: VerboseOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// How many colours an image is taken to be made of.
  private static let standardColors = 16

  /// How many of them share a pixel.
  private static let standardTruncation = 3

  /// Runs the jobs that the options describe: one that fails does not stop the
  /// others.
  func execute() throws(QuantizeError) {
    if isBatch { return try runBatch() }
    guard !recursive else {
      throw .usage("--recursive is for folders, and none is given")
    }
    guard !resume else {
      throw .usage("--resume needs a folder for the outputs; name one with -o")
    }
    let jobs = try jobs()
    guard jobs.count > 1 else { return try run(jobs[0]) }
    var statuses: Set<ExitStatus> = []
    var failed = 0
    for job in jobs {
      do throws(QuantizeError) {
        try run(job)
      } catch {
        failed += 1
        statuses.insert(error.exitStatus)
        Terminal.error(error.message)
      }
    }
    guard failed > 0 else { return }
    throw .imageFailures(
      failed, of: jobs.count,
      statuses.count == 1 ? statuses.first ?? .dataError : .dataError)
  }

  private func run(_ job: RecolorJob) throws(QuantizeError) {
    let progress = Progress(quiet: common.quiet, verbose: details.verbose)
    let report = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    guard !common.quiet else { return }
    Summary.tell(
      Summary.count(report.moves.count, "colour") + " moved",
      writing: [job.output, job.preview].compactMap(\.self))
    guard Terminal.errorIsTerminal || details.verbose else { return }
    for move in report.moves {
      Terminal.note(
        "\(move.from.hex) → \(move.to.hex)  "
          + "\(Summary.fixed(100 * move.share, 1)) % of the image")
    }
  }

  /// What all images share.
  struct Plan {
    let choice: RecolorChoice
    let options: QuantizeOptions
    let format: OutputFormat
  }

  /// Reads what all images share.
  ///
  /// - Throws: `QuantizeError`.
  func plan() throws(QuantizeError) -> Plan {
    try common.check()
    try OptionRules.check(
      colors.given + search.excluding + alpha.given + compression.given
        + details.given + common.given
        + GivenOption.list([
          "-k <n>": count != nil, "--ext": ext != nil,
          "--output": output != nil,
        ]), needing: ["--shades"])
    if isBatch { try checkBatch() } else { try checkInputs() }
    let format = try OutputOptions.format(
      format, output: ext.map { "name\($0)" } ?? (isBatch ? nil : output))
    let palettes = try colors.palettes(
      DecodeOptions(common, damaged), common.events)
    let choice = try colors.choice(palettes)
    return Plan(
      choice: choice, options: try options(palettes, choice, format),
      format: format)
  }

  private func jobs() throws(QuantizeError) -> [RecolorJob] {
    let plan = try plan()
    let (choice, options, format) = (plan.choice, plan.options, plan.format)
    var jobs: [RecolorJob] = []
    for input in inputs {
      let location = FileLocation(argument: input)
      let target =
        try OutputArgument.file(output, of: "--output")
        ?? OutputOptions.nextTo(
          location, ext ?? "-recolored.\(format.usualExtension)")
      try OutputArgument.checkTerminal(target, option: "-o")
      var job = RecolorJob(
        input: location, output: target, choice, options: options)
      job.preview = try OutputArgument.file(
        preview, of: "--preview", writing: "a PNG", endings: ["png"])
      try OutputArgument.checkTerminal(job.preview, option: "--preview")
      job.shades = try colors.hueWidth()
      job.lightness = colors.lightness ?? .move
      job.replaces = replacing.force
      job.memory = memory.memory
      jobs.append(job)
    }
    try FileLocation.checkDistinct(jobs.map(\.output))
    return jobs
  }

  private func checkInputs() throws(QuantizeError) {
    guard !inputs.contains("") else {
      throw .usage("the file name of input is empty")
    }
    for (option, file) in colors.files
    where inputs.contains("-") && file == "-" {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    if let ext {
      try OutputOptions.checkEnding(ext)
      guard !inputs.contains("-") else {
        throw .usage(
          "--ext needs an input with a name; name the output with --output")
      }
    }
    guard inputs.count > 1 else { return }
    guard !inputs.contains("-") else {
      throw .usage(
        "standard input is one of \(inputs.count) inputs, so its output has no "
          + "name; give it alone")
    }
    for (option, isGiven) in [
      ("--output", output != nil), ("--preview", preview != nil),
    ] where isGiven {
      throw .usage(
        "\(option) names one file, but \(inputs.count) images are given; name an "
          + "ending with --ext")
    }
  }

  private func options(
    _ palettes: RecolorArguments.Palettes, _ choice: RecolorChoice,
    _ format: OutputFormat
  ) throws(QuantizeError) -> QuantizeOptions {
    let start = try start(palettes, choice)
    let most = start.components
    let truncation = cprime ?? min(Self.standardTruncation, most)
    guard (1...most).contains(truncation) else {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(most)), not "
          + "\(truncation)")
    }
    var options = QuantizeOptions(
      start: start, truncation: Truncation(truncation))
    options.quantizer.seed = seed ?? 0
    try search.apply(to: &options)
    options.decoding = DecodeOptions(common, damaged)
    options.decoding.page = page.page
    options.decoding.target = profile.target
    options.decoding.alpha = try alpha.treatment()
    options.threads = common.threadCount
    options.quantizer.space = try LookOptions.space(
      space ?? .oklab, of: options)
    options.encoding = try compression.encoding(format)
    options.files = colors.files.map { FileLocation(argument: $0.file) }
    if palettes.own == nil, case .moves(let moves) = choice {
      // What is asked for is a colour of its own, whatever the fit finds.
      options.quantizer.pinned = moves.map(\.from)
      guard moves.count <= most else {
        throw .usage(
          "--from is given \(moves.count) times, but -k is \(most); give a larger -k"
        )
      }
    }
    return options
  }

  private func start(
    _ palettes: RecolorArguments.Palettes, _ choice: RecolorChoice
  ) throws(QuantizeError) -> QuantizerOptions.Start {
    if let own = palettes.own {
      guard count == nil else {
        throw .usage(
          "-k and --palette contradict each other: the file says how many colours "
            + "there are; give one of them")
      }
      return .palette(own.palette)
    }
    var standard = Self.standardColors
    switch choice {
    case .assigned(let colors): standard = max(1, colors.count)
    case .moves(let moves): standard = max(standard, moves.count)
    case .matched: break
    }
    do {
      return .search(try PaletteSize(count ?? standard))
    } catch {
      throw .usage(error.message)
    }
  }
}
