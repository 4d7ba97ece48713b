import ArgumentParser
import ImageFormats
import PaletteFiles
import QuantizeKit
import SystemPackage

/// The command line of the main job.
struct QuantizeCommand: JobCommand {
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
        quantize 64 photo.png --quality 65-80 --ext -small.png
            as pngquant has it: at most 64 colours, as few as are good enough
        quantize photo.jpg --target-psnr 35
            as few colours as give 35 dB
        quantize photo.jpg -k 64 --optimize --skip-if-larger
            the smallest file, written only if smaller than photo.jpg
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
        quantize b.png --palette brand.gpl
            maps b.png to the colours of a palette file (or an image)
        quantize a.png -k 16 --pin '#e4002b' --pin white
            keeps two colours exactly and fits 14 around them
        quantize photo.jpg -k 16 --dither floyd-steinberg
            mixes pixels, with a palette made for that
        quantize photo.jpg -k 16 --perceptual
            what looks best, whatever its PSNR
        quantize photo.jpg -k 16 --importance mask.png
            colours by the bright parts of mask.png more than by the dark ones
        quantize batch photos/ -k 16 -o out/
            all images of a folder
        quantize compare photo.jpg -k 16 --cprime 1,2,4 -o report/
            a page that compares three results
        quantize a.png -k 8 --cprime 3 --responsibilities a.ora
            soft masks as layers for Krita and GIMP; .npz, .exr, .tif too
        quantize palette a.png -k 8 --names
            shows a palette, and writes no image
        quantize segment a.png --superpixels 400 --overlay b.png
            cuts it into segments (see quantize segment --help)

      Commands, each with its own --help: batch, compare, metrics, palette, \
      segment. To read a file of such a name, write ./palette.

      Exit status: 0 done, 64 wrong usage, 65 damaged or unsupported image \
      or a target out of reach, 66 no such input, 73 cannot create the \
      output, 74 input/output error, 98 not smaller than the input \
      (--skip-if-larger), 99 below the least quality, 130 interrupted.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      """
      The image to read, \(InputFormat.list); - is standard input. A number \
      before it is that of colours.
      """, valueName: "input"))
  var inputs: [String] = []

  @OptionGroup
  var image: ImageOptions

  @OptionGroup(title: "Output")
  var destination: OutputOptions

  @OptionGroup(title: "Soft outputs")
  var soft: SoftOptions

  @OptionGroup(title: "Report")
  var messages: ReportOptions

  @Option(
    help: ArgumentHelp(
      """
      Most memory for an image, as in 500M or 4G; a larger one is read twice, \
      strip by strip. (default: an eighth of the machine's, at most 1G)
      """, valueName: "size"),
    transform: MemorySize.parse)
  var memory: Int?

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = Progress(quiet: messages.quiet, verbose: messages.verbose)
    let report = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    let carriesData = [
      job.output, job.report, job.palette, job.soft.colors,
      job.soft.uncertainty,
    ].contains(.standardStream)
    if messages.verbose { Terminal.write(Summary.stages(of: report)) }
    if !messages.quiet, !carriesData, Terminal.outputIsTerminal {
      print(
        Summary.text(of: report, colored: Terminal.showsColors),
        terminator: "")
    }
  }

  private func job() throws(QuantizeError) -> QuantizeJob {
    try messages.check()
    var image = image
    let input = try input(numberOfColors: &image.palette.colors)
    for (option, file) in image.palette.files + image.look.files
    where input == "-" && file == "-" {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    let location = FileLocation(argument: input)
    let (output, format) = try destination.target(for: location)
    var job = QuantizeJob(
      input: location, output: output,
      options: try image.options(writing: format))
    job.report = messages.report.map(FileLocation.init(argument:))
    job.palette = messages.paletteOut.map(FileLocation.init(argument:))
    job.paletteFormat =
      job.palette?.pathExtension.flatMap(PaletteFormat.init(pathExtension:))
      ?? .json
    guard job.paletteFormat == .json || job.options.decoding.target == .sRGB else {
      throw .usage(
        "--palette-out: a \(job.paletteFormat.name) means sRGB; write .json, "
          + "or leave --output-profile out")
    }
    job.soft = try soft.outputs(components: job.options.components)
    job.replaces = destination.force
    job.memory = memory
    job.skipsIfLarger = image.encoding.skipIfLarger
    return job
  }

  /// The one image. As with pngquant, a number before it is that of colours.
  private func input(
    numberOfColors: inout ColorCount?
  ) throws(QuantizeError) -> String {
    var inputs = inputs[...]
    if inputs.count > 1, let number = inputs.first.flatMap({ Int($0) }),
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
    guard inputs.count == 1 else {
      let second = inputs[inputs.startIndex + 1]
      if inputs.count == 2, UInt(second) != nil {
        throw .usage(
          "\(second) is taken for a second input; give a number of colours as "
            + "-k \(second), or before the input")
      }
      let next = FilePath(argument: second).displayName
      throw .usage(
        "one input at a time, but \(inputs.count) are given, the second being "
          + "\(next); for many, as in: quantize batch *.png -o out")
    }
    guard !input.isEmpty else {
      throw .usage("the file name of input is empty")
    }
    return input
  }
}
