import ArgumentParser
import CAllocator
import QuantizeKit
import SystemPackage

/// The command that runs where none is named: one image to one image.
struct QuantizeCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: Version.name,
    abstract: "Reduce the number of colours of an image.",
    usage: """
      quantize <input> [-k <n>|auto] [--cprime <n>] [-o <file>] [options]
      quantize <inputs> ... [-k <n>|auto] [--ext <ending>] [options]
      quantize <command> [options]
      """,
    discussion: """
      Colours are clustered with truncated variational EM for Gaussian \
      mixtures. C' is the number of clusters that share a colour during the \
      fit: 1 is k-means, k is full EM.

      Examples:
        quantize photo.jpg -k 16
            writes photo-quantized.png with 16 colours
        quantize photo.jpg -k 16 --cprime 2 -o out.png
            shares each colour between its two nearest clusters
        quantize photo.jpg --target-psnr 35
            uses the fewest colours that reach 35 dB
        quantize photo.jpg -k 64 --optimize --skip-if-larger
            makes the smallest file, if it is smaller than photo.jpg
        quantize photo.jpg -k 16 --perceptual
            aims for visual quality, with dithering
        quantize photo.png --palette brand.gpl
            uses the colours of a palette file
        quantize photo.jpg -k 16 --pin '#e4002b'
            includes one colour exactly
        quantize photo.png -k 8 --cprime 3 --responsibilities masks.ora
            also writes soft masks, as layers for Krita and GIMP
        quantize photo.jpg -k 8 -c 3 --layers layers.psd
            also splits the photo into layers that together are the photo
        quantize 64 photo.png --quality 65-80 --ext -small.png
            pngquant's spelling works
        quantize -Q 65-80 --ext .png --force --skip-if-larger *.png
            replaces the images that get smaller
        curl -s https://example.org/a.jpg | quantize - -k 32 -o - > a.png
            reads standard input, writes standard output

      Commands (quantize help <command> shows more):
      \(RootCommand.list)

      A file named like a command is given as ./palette.

      Exit status: 0 success, 64 wrong usage, 65 damaged or unsupported image \
      or target not reached, 66 no such input, 71 out of memory, 73 cannot \
      create the output, 74 input/output error, 98 not smaller than the input \
      (--skip-if-larger), 99 below the minimum --quality, 130 interrupted.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--colors", "--cprime", "--output", "--force", "--quality",
    "--target-psnr", "--palette", "--dither", "--perceptual", "--effort",
    "--optimize", "--report", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      """
      The image to read, \(FileKinds.images); - is standard input. Of several \
      images, each is written next to its input. A number before them is the \
      number of colours, as in pngquant.
      """, valueName: "inputs"),
    completion: FileKinds.image)
  var inputs: [String] = []

  @OptionGroup(title: "Output")
  var destination: OutputOptions

  @OptionGroup
  var image: ImageOptions

  @OptionGroup(title: "Input")
  var memory: MemoryOption

  @OptionGroup(title: "Soft outputs")
  var soft: SoftOptions

  @OptionGroup(title: "Report")
  var messages: ReportOptions

  @OptionGroup(title: "General")
  var common: CommonOptions

  private var isVerbose: Bool { messages.details.verbose }

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    try checkOptions()
    var image = image
    let inputs = try inputs(numberOfColors: &image.palette.colors)
    guard inputs.count == 1 else {
      return try ManyImages(self, image, inputs).execute()
    }
    let job = try job(inputs[0], image)
    let progress = Progress(quiet: common.quiet, verbose: isVerbose)
    let report = try progress.showing { () throws(QuantizeError) in
      try job.run { event in
        // What a stage, or a part of mapping, has freed, the next may have no use
        // for.
        switch event {
        case .stage, .progress(.map, _): qz_release_free_memory()
        default: break
        }
        progress.events(event)
      }
    }
    if isVerbose { Terminal.write(Summary.details(of: report)) }
    if showsSummary(job) {
      print(
        Summary.text(
          of: report, others: job.sideOutputs, colored: Terminal.showsColors),
        terminator: "")
    }
  }

  /// Whether a person reads standard output, and nothing else goes there.
  private func showsSummary(_ job: QuantizeJob) -> Bool {
    !common.quiet && Terminal.outputIsTerminal
      && !([job.output] + job.sideOutputs).contains(.standardStream)
  }

  private func checkOptions() throws(QuantizeError) {
    try OptionRules.check(
      image.given + destination.given + soft.given + messages.details.given
        + common.given,
      needing: PaletteOptions.needing.union([
        "--dither-strength", "--uncertainty-colors", "--layer-blend",
        "--merge-layers",
      ]))
  }

  private func job(
    _ input: String, _ image: ImageOptions
  ) throws(QuantizeError) -> QuantizeJob {
    for (option, file) in image.palette.files + image.look.appearance.files
    where input == "-" && file == "-" {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    let location = FileLocation(argument: input)
    let (output, format) = try destination.target(for: location)
    let report = try messages.reportLocation()
    let palette = try OutputArgument.palette(
      messages.paletteOut, of: "--palette-out")
    var job = QuantizeJob(
      input: location, output: output,
      options: try image.options(writing: format, common))
    job.report = report
    job.paletteReport = try OutputArgument.file(
      messages.paletteReport, of: "--palette-report", writing: "CSV",
      endings: ["csv"])
    if let palette {
      job.palette = palette.location
      job.paletteFormat = palette.format
      guard
        palette.format == .json || job.options.decoding.target == .sRGB
      else {
        throw .usage(
          "--palette-out: a \(palette.format.name) means sRGB; write .json, or "
            + "leave --output-profile out")
      }
    }
    job.soft = try soft.outputs(components: job.options.components)
    job.replaces = destination.replacing.force
    job.memory = memory.memory
    job.skipsIfLarger = image.encoding.skipIfLarger
    job.measures = showsSummary(job)
    return job
  }

  /// The images. As with pngquant, a number before them is that of colours.
  private func inputs(
    numberOfColors: inout ColorCount?
  ) throws(QuantizeError) -> [String] {
    var inputs = inputs[...]
    if inputs.count > 1,
      let number: Int = inputs.first.flatMap(NumberArgument.wholeIfValid),
      (2...65_536).contains(number)
    {
      if let colors = numberOfColors {
        throw .usage(
          "the number of colours is given twice, \(number) and "
            + "-k \(colors.number.map(String.init) ?? "auto"); give one of them"
        )
      }
      numberOfColors = .number(number)
      inputs = inputs.dropFirst()
    }
    guard let input = inputs.first else {
      throw .usage(
        "no input is given; name an image, or - for standard input "
          + "(see `quantize --help`)")
    }
    if inputs.count > 1 {
      let second = inputs[inputs.startIndex + 1]
      if inputs.count == 2, UInt(second) != nil {
        throw .usage(
          "\(second) is taken for a second input; give a number of colours as "
            + "-k \(second), or before the input")
      }
      if Int(input) != nil, (try? FilePath(argument: input).stat()) == nil {
        throw .usage(
          "there is no file called \(input); a number of colours before the "
            + "input is 2 to 65536")
      }
      if RootCommand.command(named: input) != nil {
        throw .usage(
          "the command comes first: `quantize \(input)`; a file of this name "
            + "is ./\(input)")
      }
    }
    guard !inputs.contains("") else {
      throw .usage("the file name of input is empty")
    }
    return Array(inputs)
  }
}

extension QuantizeJob {
  /// The files that are written besides the image.
  fileprivate var sideOutputs: [FileLocation] {
    [report, palette, paletteReport].compactMap(\.self) + soft.locations
  }
}
