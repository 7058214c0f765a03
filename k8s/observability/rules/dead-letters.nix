{
  alert = "DeadLetters";
  expr = "max(read_model_dead_letters_open) > 0";
  for = "5m";
  labels.severity = "warning";
  annotations = {
    summary = "{{ $value }} dead letters are open";
    description = "observatory dead-letters lists them, with their reasons.";
  };
}
