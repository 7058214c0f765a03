{
  title = "Memory";
  description = "Resident, by process.";
  unit = "bytes";
  queries = [
    {
      expr = ''process_resident_memory_bytes{job!="prometheus"}'';
      legendFormat = "{{job}}";
    }
  ];
}
