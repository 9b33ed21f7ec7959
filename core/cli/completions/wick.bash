# Completion of wick for bash. The program itself says which words may come next; nothing is listed here.

# Where bash was told to cut a word (at = and :), the program gets it whole.
_wick() {
  local rest=${COMP_LINE:0:COMP_POINT} words=() word joined i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    joined=0
    [[ $i -gt 0 && $rest != [[:space:]]* ]] && joined=1
    rest=${rest#"${rest%%[![:space:]]*}"}
    if ((i == COMP_CWORD)); then
      word=$rest
    else
      word=${COMP_WORDS[i]}
      rest=${rest#"$word"}
    fi
    if ((joined)); then words[${#words[@]}-1]+=$word; else words+=("$word"); fi
  done
  words=("${words[@]//[\"\'\\]/}")
  words[0]=${words[0]/#\~/$HOME}

  # Readline replaces $2 alone, so what stands before it is cut from each answer.
  local last=${words[${#words[@]}-1]} kind= line
  local before=${last%"$2"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      line=${line%%$'\t'*}
      COMPREPLY+=("${line#"$before"}")
      [[ $line == *= ]] && compopt -o nospace 2>/dev/null
    fi
  done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
  [[ $kind == none ]] || _wick_files "$kind" "$last" "$2"
}

# Adds files: KIND is `folders`, `files`, or `files` and the suffixes that are wanted.
_wick_files() {
  local value=$2 file suffix
  [[ $value == --*=* ]] && value=${value#*=}
  local before=${value%"$3"}
  local suffixes=($1)
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    local real=${file/#\~/$HOME} wanted=0
    [[ -d $real || $1 == files ]] && wanted=1
    for suffix in "${suffixes[@]:1}"; do
      [[ $file == *"$suffix" ]] && wanted=1
    done
    ((wanted)) && COMPREPLY+=("${file#"$before"}")
  done < <(compgen -f -- "$value")
}

complete -F _wick wick
