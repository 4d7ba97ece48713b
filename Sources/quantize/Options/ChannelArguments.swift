import ArgumentParser
import ImageFormats
import QuantizeKit
import Segmentation

/// How a TIFF or an array is read as channels of numbers.
struct ChannelArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Cluster these channels of a TIFF or array. A list such as 1,2,4; they are \
      numbers, not colours. (default: all, where the file is no picture)
      """, valueName: "list"),
    transform: CommaList.numbers)
  var channels: [Int]?

  @Option(
    help: ArgumentHelp(
      """
      Make the channels comparable: \(Names.normalizations.text). range scales \
      each from 0 to 1, variance to a standard deviation of 1. (default: range)
      """, valueName: "how"),
    completion: Names.normalizations.completion,
    transform: Names.normalizations.parse)
  var normalize: Normalization?

  @Option(
    name: [.customLong("page"), .customLong("pages")],
    help: ArgumentHelp(
      """
      Read these pages of a stack, such as 3, 1-4 or all. One model is fitted to \
      all of them. (default: the first)
      """, valueName: "list"),
    transform: PageSelection.init(argument:))
  var pages: PageSelection?

  @Option(
    help: ArgumentHelp(
      """
      Show these channels as red, green and blue, or one as grey, in --overlay \
      and --label-colors. (default: the first three of --channels)
      """, valueName: "list"),
    transform: CommaList.numbers)
  var overlayChannels: [Int]?

  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--channels": channels != nil, "--normalize": normalize != nil,
      "--page": pages != nil, "--overlay-channels": overlayChannels != nil,
    ])
  }

  /// What the options ask for.
  ///
  /// - Throws: `QuantizeError.usage`.
  func options() throws(QuantizeError) -> ChannelOptions {
    var options = ChannelOptions()
    options.pages = pages ?? .first
    options.isAsked = given.contains {
      $0.name != "--page" || options.pages.single == nil
    }
    if let channels {
      guard channels.allSatisfy({ $0 >= 1 }),
        Set(channels).count == channels.count
      else { throw .usage("--channels are counted from 1, each once") }
      options.channels = channels
    }
    if let normalize { options.normalization = normalize }
    if let overlayChannels {
      guard (1...3).contains(overlayChannels.count),
        overlayChannels.allSatisfy({ $0 >= 1 })
      else {
        throw .usage(
          "--overlay-channels are one to three channels, counted from 1")
      }
      options.shown = overlayChannels
    }
    return options
  }
}
