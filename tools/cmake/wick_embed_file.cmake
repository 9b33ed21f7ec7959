# Writes OUTPUT, a C++ file that holds the bytes of INPUT as wick::SYMBOL.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include <string_view>\nnamespace wick {\nextern const std::string_view ${SYMBOL};\n"
  "const std::string_view ${SYMBOL} = R\"wick_data(${text})wick_data\";\n}  // namespace wick\n")
