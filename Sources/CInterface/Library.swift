// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CQuantize

@c @implementation
public func quantize_version() -> UnsafePointer<CChar>? { qz_version() }

@c @implementation
public func quantize_last_message() -> UnsafePointer<CChar>? { qz_message() }
