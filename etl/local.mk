# SPDX-License-Identifier: Apache-2.0
# Every source of both programs, once, in the order a row meets them.
noinst_LIBRARIES += %D%/libbase.a %D%/libetl.a

%C%_libbase_a_SOURCES = \
	%D%/base/arena.c %D%/base/arena.h \
	%D%/base/buffer.c %D%/base/buffer.h \
	%D%/base/clock.c %D%/base/clock.h \
	%D%/base/error.c %D%/base/error.h \
	%D%/base/file.c %D%/base/file.h \
	%D%/base/log.c %D%/base/log.h \
	%D%/base/map.c %D%/base/map.h \
	%D%/base/mem.c %D%/base/mem.h \
	%D%/base/queue.c %D%/base/queue.h \
	%D%/base/slice.c %D%/base/slice.h \
	%D%/base/spill_sort.c %D%/base/spill_sort.h \
	%D%/base/suggest.c %D%/base/suggest.h \
	%D%/base/yaml_trap.c %D%/base/yaml_trap.h \
	%D%/base/yaml_tree.c %D%/base/yaml_tree.h

%C%_libetl_a_SOURCES =

# model
%C%_libetl_a_SOURCES += \
	%D%/model/batch.c %D%/model/batch.h \
	%D%/model/canonical.c %D%/model/canonical.h \
	%D%/model/chunk.c %D%/model/chunk.h \
	%D%/model/chunk_replay.c %D%/model/chunk_replay.h \
	%D%/model/columns.c %D%/model/columns.h \
	%D%/model/csv_writer.c %D%/model/csv_writer.h \
	%D%/model/load.c %D%/model/load.h \
	%D%/model/outcome.c %D%/model/outcome.h \
	%D%/model/row_file.c %D%/model/row_file.h \
	%D%/model/row_index.c %D%/model/row_index.h \
	%D%/model/row_key.c %D%/model/row_key.h \
	%D%/model/schema.c %D%/model/schema.h \
	%D%/model/ticket.c %D%/model/ticket.h \
	%D%/model/yaml_text.c %D%/model/yaml_text.h \
	%D%/model/source_part.h \
	%D%/model/source_spec.h

# source
%C%_libetl_a_SOURCES += \
	%D%/source/archive.c %D%/source/archive.h \
	%D%/source/charset.c %D%/source/charset.h \
	%D%/source/charset_table.c %D%/source/charset_table.h \
	%D%/source/csv_cells.c %D%/source/csv_cells.h \
	%D%/source/csv_defects.c %D%/source/csv_defects.h \
	%D%/source/csv_lines.c %D%/source/csv_lines.h \
	%D%/source/csv_reader.c %D%/source/csv_reader.h \
	%D%/source/csv_sniff.c %D%/source/csv_sniff.h \
	%D%/source/csv_source.c %D%/source/csv_source.h \
	%D%/source/input.c %D%/source/input.h \
	%D%/source/several_source.c %D%/source/several_source.h \
	%D%/source/source.c %D%/source/source.h \
	%D%/source/xml/xml_element.c %D%/source/xml/xml_element.h \
	%D%/source/xml/xml_path.c %D%/source/xml/xml_path.h \
	%D%/source/xml/xml_reader.c %D%/source/xml/xml_reader.h \
	%D%/source/xml/xml_record.c %D%/source/xml/xml_record.h \
	%D%/source/xml/xml_rows.c %D%/source/xml/xml_rows.h \
	%D%/source/xml/xml_survey.c %D%/source/xml/xml_survey.h \
	%D%/source/xml/xml_source.c %D%/source/xml/xml_source.h \
	%D%/source/xml/xml_tree.c %D%/source/xml/xml_tree.h \
	%D%/source/xml/xml_values.c %D%/source/xml/xml_values.h \
	%D%/source/source_ops.h \
	%D%/source/stored.c %D%/source/stored.h \
	%D%/source/zip_header.c %D%/source/zip_header.h

# mapping
%C%_libetl_a_SOURCES += \
	%D%/mapping/convert/loader_dates.c %D%/mapping/convert/loader_dates.h \
	%D%/mapping/convert/loader_property.c \
	%D%/mapping/convert/loader_property.h \
	%D%/mapping/convert/process_conf.c %D%/mapping/convert/process_conf.h \
	%D%/mapping/convert/properties.c %D%/mapping/convert/properties.h \
	%D%/mapping/convert/sdl.c %D%/mapping/convert/sdl.h \
	%D%/mapping/convert/sdl_target.c %D%/mapping/convert/sdl_target.h \
	%D%/mapping/convert/sdl_text.c %D%/mapping/convert/sdl_text.h \
	%D%/mapping/draft/column_profile.c \
	%D%/mapping/draft/column_profile.h \
	%D%/mapping/draft/field_match.c %D%/mapping/draft/field_match.h \
	%D%/mapping/excerpt.c %D%/mapping/excerpt.h \
	%D%/mapping/field_rule.c %D%/mapping/field_rule.h \
	%D%/mapping/mapper.c %D%/mapping/mapper.h \
	%D%/mapping/mapping.c %D%/mapping/mapping.h \
	%D%/mapping/mapping_check.c %D%/mapping/mapping_check.h \
	%D%/mapping/compile/mapping_columns.c %D%/mapping/compile/mapping_columns.h \
	%D%/mapping/compile/mapping_conversion.c \
	%D%/mapping/compile/mapping_conversion.h \
	%D%/mapping/compile/mapping_field.c %D%/mapping/compile/mapping_field.h \
	%D%/mapping/compile/mapping_formula.c %D%/mapping/compile/mapping_formula.h \
	%D%/mapping/compile/mapping_headers.c \
	%D%/mapping/compile/mapping_headers.h \
	%D%/mapping/compile/mapping_join.c %D%/mapping/compile/mapping_join.h \
	%D%/mapping/compile/mapping_load.c %D%/mapping/compile/mapping_load.h \
	%D%/mapping/compile/mapping_order.c %D%/mapping/compile/mapping_order.h \
	%D%/mapping/compile/mapping_parts.h \
	%D%/mapping/compile/mapping_reader.c %D%/mapping/compile/mapping_reader.h \
	%D%/mapping/compile/mapping_shape.c \
	%D%/mapping/compile/mapping_shape.h \
	%D%/mapping/compile/mapping_source.c %D%/mapping/compile/mapping_source.h \
	%D%/mapping/compile/mapping_tables.c %D%/mapping/compile/mapping_tables.h \
	%D%/mapping/compile/mapping_target.c %D%/mapping/compile/mapping_target.h \
	%D%/mapping/compile/mapping_xml.c %D%/mapping/compile/mapping_xml.h \
	%D%/mapping/row_trace.c %D%/mapping/row_trace.h \
	%D%/mapping/problem.c %D%/mapping/problem.h \
	%D%/mapping/translation.c %D%/mapping/translation.h \
	%D%/mapping/example/example_read.c \
	%D%/mapping/example/example_read.h \
	%D%/mapping/example/example_run.c %D%/mapping/example/example_run.h \
	%D%/mapping/formula/formula.c %D%/mapping/formula/formula.h \
	%D%/mapping/formula/formula_compile.c \
	%D%/mapping/formula/formula_eval.c \
	%D%/mapping/formula/formula_lex.c %D%/mapping/formula/formula_lex.h \
	%D%/mapping/formula/formula_node.h \
	%D%/mapping/formula/formula_parse.c \
	%D%/mapping/formula/formula_parse.h \
	%D%/mapping/formula/formula_value.c \
	%D%/mapping/formula/formula_value.h \
	%D%/mapping/function/function_date.c \
	%D%/mapping/function/function_format.c \
	%D%/mapping/function/function_logic.c \
	%D%/mapping/function/function_number.c \
	%D%/mapping/function/function_regex.c \
	%D%/mapping/function/function_row.c \
	%D%/mapping/function/function_steps.h \
	%D%/mapping/function/function_table.c \
	%D%/mapping/function/function_table.h \
	%D%/mapping/function/function_text.c \
	%D%/mapping/function/function_unicode.c \
	%D%/mapping/value/calendar.c %D%/mapping/value/calendar.h \
	%D%/mapping/value/date_suggest.c %D%/mapping/value/date_suggest.h \
	%D%/mapping/value/decimal.c %D%/mapping/value/decimal.h \
	%D%/mapping/value/field_picklist.c \
	%D%/mapping/value/field_picklist.h \
	%D%/mapping/value/field_type.c %D%/mapping/value/field_type.h \
	%D%/mapping/value/time_zone.c %D%/mapping/value/time_zone.h \
	%D%/mapping/value/value_boolean.c %D%/mapping/value/value_boolean.h \
	%D%/mapping/value/value_date.c %D%/mapping/value/value_date.h \
	%D%/mapping/value/value_date_print.c \
	%D%/mapping/value/value_file.c %D%/mapping/value/value_file.h \
	%D%/mapping/value/value_number.c %D%/mapping/value/value_number.h \
	%D%/mapping/value/value_fault.h

# stage
%C%_libetl_a_SOURCES += \
	%D%/stage/attach.c %D%/stage/attach.h \
	%D%/stage/chunk_cleaner.c %D%/stage/chunk_cleaner.h \
	%D%/stage/chunk_output.c %D%/stage/chunk_output.h \
	%D%/stage/chunk_reader.c %D%/stage/chunk_reader.h \
	%D%/stage/chunk_rule.c %D%/stage/chunk_rule.h \
	%D%/stage/chunk_writer.c %D%/stage/chunk_writer.h \
	%D%/stage/compressor.c %D%/stage/compressor.h \
	%D%/stage/duplicates.c %D%/stage/duplicates.h \
	%D%/stage/order/arrange.c %D%/stage/order/arrange.h \
	%D%/stage/order/chunk_walk.c %D%/stage/order/chunk_walk.h \
	%D%/stage/order/groups.c %D%/stage/order/groups.h \
	%D%/stage/order/levels.c %D%/stage/order/levels.h \
	%D%/stage/order/links.c %D%/stage/order/links.h \
	%D%/stage/order/moved_rows.c %D%/stage/order/moved_rows.h \
	%D%/stage/order/places.c %D%/stage/order/places.h \
	%D%/stage/order/waves_record.c %D%/stage/order/waves_record.h \
	%D%/stage/order/wave_chunks.c %D%/stage/order/wave_chunks.h \
	%D%/stage/reject_writer.c %D%/stage/reject_writer.h \
	%D%/stage/requeue.c %D%/stage/requeue.h \
	%D%/stage/row_writer.c %D%/stage/row_writer.h \
	%D%/stage/settle.c %D%/stage/settle.h \
	%D%/stage/stager.c %D%/stage/stager.h \
	%D%/stage/waves.c %D%/stage/waves.h

# http
%C%_libetl_a_SOURCES += \
	%D%/http/download.c %D%/http/download.h \
	%D%/http/download_attempt.c %D%/http/download_attempt.h \
	%D%/http/download_version.c %D%/http/download_version.h \
	%D%/http/http_body.c %D%/http/http_body.h \
	%D%/http/http_client.c %D%/http/http_client.h \
	%D%/http/http_failure.c %D%/http/http_failure.h \
	%D%/http/http_headers.c %D%/http/http_headers.h \
	%D%/http/http_request.c %D%/http/http_request.h \
	%D%/http/http_transfer.c %D%/http/http_transfer.h \
	%D%/http/http_url.c %D%/http/http_url.h \
	%D%/http/retry.c %D%/http/retry.h

# salesforce
%C%_libetl_a_SOURCES += \
	%D%/salesforce/api_limits.h \
	%D%/salesforce/api_usage.c %D%/salesforce/api_usage.h \
	%D%/salesforce/answer_json.c %D%/salesforce/answer_json.h \
	%D%/salesforce/api_fault.c %D%/salesforce/api_fault.h \
	%D%/salesforce/bulk2_client.c %D%/salesforce/bulk2_client.h \
	%D%/salesforce/login/connection.c %D%/salesforce/login/connection.h \
	%D%/salesforce/login/credentials.c %D%/salesforce/login/credentials.h \
	%D%/salesforce/describe.c %D%/salesforce/describe.h \
	%D%/salesforce/limits.c %D%/salesforce/limits.h \
	%D%/salesforce/login/oauth_login.c %D%/salesforce/login/oauth_login.h \
	%D%/salesforce/login/org_entry.c %D%/salesforce/login/org_entry.h \
	%D%/salesforce/login/orgs_file.c %D%/salesforce/login/orgs_file.h \
	%D%/salesforce/query/bulk2_query.c %D%/salesforce/query/bulk2_query.h \
	%D%/salesforce/query/csv_page.c %D%/salesforce/query/csv_page.h \
	%D%/salesforce/query/key_query.c %D%/salesforce/query/key_query.h \
	%D%/salesforce/query/query.c %D%/salesforce/query/query.h \
	%D%/salesforce/query/query_calls.c %D%/salesforce/query/query_calls.h \
	%D%/salesforce/query/soql_select.c %D%/salesforce/query/soql_select.h \
	%D%/salesforce/rest_client.c %D%/salesforce/rest_client.h \
	%D%/salesforce/save_result.h \
	%D%/salesforce/session.c %D%/salesforce/session.h \
	%D%/salesforce/login/sf_cli_login.c %D%/salesforce/login/sf_cli_login.h \
	%D%/salesforce/login/soap_login.c %D%/salesforce/login/soap_login.h \
	%D%/salesforce/soap/soap_answer.c %D%/salesforce/soap/soap_answer.h \
	%D%/salesforce/soap/soap_client.c %D%/salesforce/soap/soap_client.h \
	%D%/salesforce/soap/soap_envelope.c \
	%D%/salesforce/soap/soap_envelope.h \
	%D%/salesforce/soap/soap_screen.c %D%/salesforce/soap/soap_screen.h \
	%D%/salesforce/state_folder.c %D%/salesforce/state_folder.h \
	%D%/salesforce/upload_probe.c %D%/salesforce/upload_probe.h

# sink
%C%_libetl_a_SOURCES += \
	%D%/sink/sink_ops.h \
	%D%/sink/bulk2_answer.c %D%/sink/bulk2_answer.h \
	%D%/sink/bulk2_results.c %D%/sink/bulk2_results.h \
	%D%/sink/call_answer.c %D%/sink/call_answer.h \
	%D%/sink/call_settle.c %D%/sink/call_settle.h \
	%D%/sink/call_sink.c %D%/sink/call_sink.h \
	%D%/sink/choose.c %D%/sink/choose.h \
	%D%/sink/sink.c %D%/sink/sink.h \
	%D%/sink/bulk2_sink.c \
	%D%/sink/rest_body.c %D%/sink/rest_body.h \
	%D%/sink/rest_sink.c \
	%D%/sink/soap_body.c %D%/sink/soap_body.h \
	%D%/sink/soap_sink.c

# results
%C%_libetl_a_SOURCES += \
	%D%/results/contradiction.c %D%/results/contradiction.h \
	%D%/results/id_owners.c %D%/results/id_owners.h \
	%D%/results/matcher.c %D%/results/matcher.h \
	%D%/results/message_spool.c %D%/results/message_spool.h \
	%D%/results/ordinal_set.c %D%/results/ordinal_set.h \
	%D%/results/outcome_merge.c %D%/results/outcome_merge.h \
	%D%/results/result_files.c %D%/results/result_files.h \
	%D%/results/row_state.c %D%/results/row_state.h

# report
%C%_libetl_a_SOURCES += \
	%D%/report/html_text.c %D%/report/html_text.h \
	%D%/report/report_chart.c %D%/report/report_chart.h \
	%D%/report/report_order.c %D%/report/report_order.h \
	%D%/report/report_html.c %D%/report/report_html.h \
	%D%/report/summary.c %D%/report/summary.h \
	%D%/report/tally.c %D%/report/tally.h

# ledger
%C%_libetl_a_SOURCES += \
	%D%/ledger/ledger.c %D%/ledger/ledger.h \
	%D%/ledger/ledger_rows.c %D%/ledger/ledger_rows.h \
	%D%/ledger/ledger_schema.c %D%/ledger/ledger_schema.h

# pipeline
%C%_libetl_a_SOURCES += \
	%D%/pipeline/cancel.c %D%/pipeline/cancel.h \
	%D%/pipeline/delivery/budget.c %D%/pipeline/delivery/budget.h \
	%D%/pipeline/delivery/chunk_pool.c %D%/pipeline/delivery/chunk_pool.h \
	%D%/pipeline/delivery/collector.c %D%/pipeline/delivery/collector.h \
	%D%/pipeline/conclude.c \
	%D%/pipeline/delivery/deliver.c \
	%D%/pipeline/draft/conf_draft.c %D%/pipeline/draft/conf_draft.h \
	%D%/pipeline/draft/conf_orgs.c %D%/pipeline/draft/conf_orgs.h \
	%D%/pipeline/draft/draft.c %D%/pipeline/draft/draft.h \
	%D%/pipeline/draft/draft_lookup.c %D%/pipeline/draft/draft_lookup.h \
	%D%/pipeline/draft/draft_org.c %D%/pipeline/draft/draft_org.h \
	%D%/pipeline/draft/draft_plan.c %D%/pipeline/draft/draft_plan.h \
	%D%/pipeline/draft/draft_source.c %D%/pipeline/draft/draft_source.h \
	%D%/pipeline/draft/draft_xml.c %D%/pipeline/draft/draft_xml.h \
	%D%/pipeline/draft/draft_text.c %D%/pipeline/draft/draft_text.h \
	%D%/pipeline/draft/sdl_draft.c %D%/pipeline/draft/sdl_draft.h \
	%D%/pipeline/export/export.c %D%/pipeline/export/export.h \
	%D%/pipeline/export/export_file.c %D%/pipeline/export/export_file.h \
	%D%/pipeline/export/export_job.c %D%/pipeline/export/export_job.h \
	%D%/pipeline/export/export_state.c %D%/pipeline/export/export_state.h \
	%D%/pipeline/forecast/forecast.c %D%/pipeline/forecast/forecast.h \
	%D%/pipeline/lock.c %D%/pipeline/lock.h \
	%D%/pipeline/pipeline.c %D%/pipeline/pipeline.h \
	%D%/pipeline/lookup/key_lookup.c %D%/pipeline/lookup/key_lookup.h \
	%D%/pipeline/lookup/lookup_group.c %D%/pipeline/lookup/lookup_group.h \
	%D%/pipeline/parents/orphans.c %D%/pipeline/parents/orphans.h \
	%D%/pipeline/parents/parent_check.c \
	%D%/pipeline/parents/parent_check.h \
	%D%/pipeline/parents/parent_whole.c \
	%D%/pipeline/parents/parent_whole.h \
	%D%/pipeline/parents/parent_keys.c %D%/pipeline/parents/parent_keys.h \
	%D%/pipeline/parents/parents.c %D%/pipeline/parents/parents.h \
	%D%/pipeline/pickup/fetch.c %D%/pipeline/pickup/fetch.h \
	%D%/pipeline/pickup/pickup.c %D%/pipeline/pickup/pickup.h \
	%D%/pipeline/pickup/pickup_record.c \
	%D%/pipeline/pickup/pickup_record.h \
	%D%/pipeline/pickup/put_away.c %D%/pipeline/pickup/put_away.h \
	%D%/pipeline/plan.c %D%/pipeline/plan.h \
	%D%/pipeline/prepare.c \
	%D%/pipeline/resume.c %D%/pipeline/resume.h \
	%D%/pipeline/retry_run.c %D%/pipeline/retry_run.h \
	%D%/pipeline/run.c %D%/pipeline/run.h \
	%D%/pipeline/run_counts.c %D%/pipeline/run_counts.h \
	%D%/pipeline/run_folder.c %D%/pipeline/run_folder.h \
	%D%/pipeline/parents/run_order.c %D%/pipeline/parents/run_order.h \
	%D%/pipeline/run_memory.c %D%/pipeline/run_memory.h \
	%D%/pipeline/run_options.h \
	%D%/pipeline/setup.c %D%/pipeline/setup.h \
	%D%/pipeline/staging/stage_memory.c %D%/pipeline/staging/stage_memory.h \
	%D%/pipeline/staging/stream_batches.c %D%/pipeline/staging/stream_batches.h \
	%D%/pipeline/staging/stream_stages.c %D%/pipeline/staging/stream_stages.h \
	%D%/pipeline/tables/table_feed.c %D%/pipeline/tables/table_feed.h \
	%D%/pipeline/tables/table_keep.c %D%/pipeline/tables/table_keep.h \
	%D%/pipeline/verify/verify.c %D%/pipeline/verify/verify.h \
	%D%/pipeline/verify/verify_compare.c %D%/pipeline/verify/verify_compare.h \
	%D%/pipeline/verify/verify_load.c %D%/pipeline/verify/verify_load.h \
	%D%/pipeline/verify/verify_rows.c %D%/pipeline/verify/verify_rows.h \
	%D%/pipeline/delivery/transfer.c %D%/pipeline/delivery/transfer.h

# cli
%C%_libetl_a_SOURCES += \
	%D%/cli/cause.c %D%/cli/cause.h \
	%D%/cli/cli.c %D%/cli/cli.h \
	%D%/cli/closing.c %D%/cli/closing.h \
	%D%/cli/commands.c \
	%D%/cli/commands/loading/cmd_plan.c \
	%D%/cli/commands/loading/cmd_resume.c \
	%D%/cli/commands/loading/cmd_retry.c \
	%D%/cli/commands/loading/cmd_run.c \
	%D%/cli/commands/mapping/cmd_check.c \
	%D%/cli/commands/mapping/cmd_convert.c \
	%D%/cli/commands/mapping/cmd_init.c \
	%D%/cli/commands/mapping/cmd_preview.c \
	%D%/cli/commands/mapping/cmd_test.c \
	%D%/cli/commands/org/cmd_export.c \
	%D%/cli/commands/org/cmd_org.c \
	%D%/cli/commands/org/cmd_rehearsal.c \
	%D%/cli/commands/org/org_login.c %D%/cli/commands/org/org_login.h \
	%D%/cli/commands/org/org_describe.c %D%/cli/commands/org/org_describe.h \
	%D%/cli/commands/telling/cmd_explain.c \
	%D%/cli/commands/telling/cmd_status.c \
	%D%/cli/commands/telling/cmd_verify.c \
	%D%/cli/completion.c \
	%D%/cli/explain/error_file.c %D%/cli/explain/error_file.h \
	%D%/cli/explain/explain.c %D%/cli/explain/explain.h \
	%D%/cli/explain/page.h \
	%D%/cli/explain/pages_call.c \
	%D%/cli/explain/pages_formula.c \
	%D%/cli/explain/pages_loader.c \
	%D%/cli/explain/pages_mapping.c \
	%D%/cli/explain/pages_row.c \
	%D%/cli/explain/pages_run.c \
	%D%/cli/explain/pages_source.c \
	%D%/cli/explain/pages_value.c \
	%D%/cli/explain/pages_yaml.c \
	%D%/cli/screen/figure.c %D%/cli/screen/figure.h \
	%D%/cli/screen/grid.c %D%/cli/screen/grid.h \
	%D%/cli/screen/parent_list.c %D%/cli/screen/parent_list.h \
	%D%/cli/screen/paragraph.c %D%/cli/screen/paragraph.h \
	%D%/cli/screen/row_cells.c %D%/cli/screen/row_cells.h \
	%D%/cli/screen/shell_word.c %D%/cli/screen/shell_word.h \
	%D%/cli/help.c %D%/cli/help.h \
	%D%/cli/option_value.c %D%/cli/option_value.h \
	%D%/cli/option_table.c %D%/cli/option_table.h \
	%D%/cli/options.c %D%/cli/options.h \
	%D%/cli/progress.c %D%/cli/progress.h \
	%D%/cli/series.c %D%/cli/series.h \
	%D%/cli/talk.c %D%/cli/talk.h \
	%D%/cli/screen/terminal.c %D%/cli/screen/terminal.h \
	%D%/cli/command.h

bashcompletion_DATA = completion/sfetl
CLEANFILES += completion/sfetl
completion/sfetl: sfetl$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completion && ./sfetl$(EXEEXT) completion bash >$@

bin_PROGRAMS += sfetl
sfetl_SOURCES = %D%/main.c
sfetl_LDADD = %D%/libetl.a %D%/libbase.a $(ETL_LIBS)
ETL_LIBS = $(CURL_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(YAML_LIBS) \
	$(JWT_LIBS) $(CRYPTO_LIBS) $(XXHASH_LIBS) $(CSV_LIBS) \
	$(UNISTRING_LIBS) $(XML_LIBS) $(ZLIB_LIBS) $(PCRE2_LIBS) $(BID_LIBS)

# rehearsal
noinst_LIBRARIES += %D%/librehearsal.a
%C%_librehearsal_a_SOURCES = \
	%D%/rehearsal/control.c %D%/rehearsal/control.h \
	%D%/rehearsal/fault_plan.c %D%/rehearsal/fault_plan.h \
	%D%/rehearsal/faults.c %D%/rehearsal/faults.h \
	%D%/rehearsal/process.c %D%/rehearsal/process.h \
	%D%/rehearsal/router.c %D%/rehearsal/router.h

# rehearsal/api
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/api/api_bulk2.c %D%/rehearsal/api/api_bulk2.h \
	%D%/rehearsal/api/api_bulk2_create.c \
	%D%/rehearsal/api/api_bulk2_create.h \
	%D%/rehearsal/api/api_bulk2_query.c \
	%D%/rehearsal/api/api_bulk2_query.h \
	%D%/rehearsal/api/api_collections.c \
	%D%/rehearsal/api/api_collections.h \
	%D%/rehearsal/api/api_oauth.c %D%/rehearsal/api/api_oauth.h \
	%D%/rehearsal/api/api_query.c %D%/rehearsal/api/api_query.h \
	%D%/rehearsal/api/api_record.c %D%/rehearsal/api/api_record.h \
	%D%/rehearsal/api/api_rest.c %D%/rehearsal/api/api_rest.h \
	%D%/rehearsal/soap/soap_describe.c %D%/rehearsal/soap/soap_describe.h \
	%D%/rehearsal/soap/soap_query.c %D%/rehearsal/soap/soap_query.h \
	%D%/rehearsal/soap/soap_reply.c %D%/rehearsal/soap/soap_reply.h \
	%D%/rehearsal/soap/soap_request.c %D%/rehearsal/soap/soap_request.h \
	%D%/rehearsal/soap/soap_service.c %D%/rehearsal/soap/soap_service.h \
	%D%/rehearsal/soap/soap_sobject.c %D%/rehearsal/soap/soap_sobject.h \
	%D%/rehearsal/soap/soap_user.c %D%/rehearsal/soap/soap_user.h \
	%D%/rehearsal/soap/soap_write.c %D%/rehearsal/soap/soap_write.h

# rehearsal/server
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/server/exchange.c %D%/rehearsal/server/exchange.h \
	%D%/rehearsal/server/http_answer.c %D%/rehearsal/server/http_answer.h \
	%D%/rehearsal/server/http_server.c %D%/rehearsal/server/http_server.h

# rehearsal/jobs
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/jobs/job.c %D%/rehearsal/jobs/job.h \
	%D%/rehearsal/jobs/job_batch.c %D%/rehearsal/jobs/job_batch.h \
	%D%/rehearsal/jobs/job_engine.c %D%/rehearsal/jobs/job_engine.h \
	%D%/rehearsal/jobs/job_results.c %D%/rehearsal/jobs/job_results.h \
	%D%/rehearsal/jobs/job_run.c %D%/rehearsal/jobs/job_run.h \
	%D%/rehearsal/jobs/job_worker.c %D%/rehearsal/jobs/job_worker.h

# rehearsal/org
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/org/commit_log.c %D%/rehearsal/org/commit_log.h \
	%D%/rehearsal/org/field_parse.c %D%/rehearsal/org/field_parse.h \
	%D%/rehearsal/org/field_value.c %D%/rehearsal/org/field_value.h \
	%D%/rehearsal/org/org_fault.c %D%/rehearsal/org/org_fault.h \
	%D%/rehearsal/org/record_check.c %D%/rehearsal/org/record_check.h \
	%D%/rehearsal/org/record_lock.c %D%/rehearsal/org/record_lock.h \
	%D%/rehearsal/org/record_log.c %D%/rehearsal/org/record_log.h \
	%D%/rehearsal/org/record_remove.c %D%/rehearsal/org/record_remove.h \
	%D%/rehearsal/org/record_write.c %D%/rehearsal/org/record_write.h \
	%D%/rehearsal/org/store.c %D%/rehearsal/org/store.h \
	%D%/rehearsal/org/store_access.h \
	%D%/rehearsal/org/store_link.c %D%/rehearsal/org/store_link.h \
	%D%/rehearsal/org/store_row.c %D%/rehearsal/org/store_row.h \
	%D%/rehearsal/org/store_setup.c %D%/rehearsal/org/store_setup.h

# rehearsal/schema
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/schema/org_schema.c %D%/rehearsal/schema/org_schema.h \
	%D%/rehearsal/schema/schema_describe.c %D%/rehearsal/schema/schema_describe.h \
	%D%/rehearsal/schema/schema_file.c %D%/rehearsal/schema/schema_file.h \
	%D%/rehearsal/schema/schema_json.c %D%/rehearsal/schema/schema_json.h \
	%D%/rehearsal/schema/schema_sales.c \
	%D%/rehearsal/schema/schema_service.c \
	%D%/rehearsal/schema/schema_standard.c %D%/rehearsal/schema/schema_standard.h

# rehearsal/soql
%C%_librehearsal_a_SOURCES += \
	%D%/rehearsal/soql/soql.c %D%/rehearsal/soql/soql.h \
	%D%/rehearsal/soql/soql_filter.c %D%/rehearsal/soql/soql_filter.h \
	%D%/rehearsal/soql/soql_lex.c %D%/rehearsal/soql/soql_lex.h \
	%D%/rehearsal/soql/soql_parse.c %D%/rehearsal/soql/soql_parse.h \
	%D%/rehearsal/soql/soql_path.c %D%/rehearsal/soql/soql_path.h \
	%D%/rehearsal/soql/soql_run.c %D%/rehearsal/soql/soql_run.h

bin_PROGRAMS += sfetl-rehearsal
sfetl_rehearsal_SOURCES = %D%/rehearsal/rehearsal_main.c
REHEARSAL_LIBS = $(MICROHTTPD_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) \
	$(YAML_LIBS) $(JWT_LIBS) $(CRYPTO_LIBS) $(XML_LIBS) $(CSV_LIBS) \
	$(ZLIB_LIBS) $(XXHASH_LIBS)
sfetl_rehearsal_LDADD = %D%/librehearsal.a %D%/libbase.a $(REHEARSAL_LIBS)
